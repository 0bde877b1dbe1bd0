import { Injectable } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Code, Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { Refused, upperSnake } from '#graphql/outcome.js';
import { checkText, type Found } from '#policy/check.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { Answers } from '../../edge/answers.js';
import { registrationCard } from '../../dossier/registration/registration-card/registration-card.js';
import { calendarFolding, calendarStream } from '../facts.js';

@ObjectType({ description: 'What somebody should look at in a policy, and where it stands. / 制度文件的一条提示。' })
export class PolicyFinding {
  @Field(() => String, { description: '`error` or `warning`.' }) severity!: string;
  @Field(() => String, { description: 'For programs; never changes its meaning. / 机器可读代码。' }) code!: string;
  @Field(() => String, { description: 'Keys of the document, by dots. / 制度文件中的位置。' }) path!: string;
  @Field(() => Int, { nullable: true }) line?: number;
  @Field(() => Int, { nullable: true }) column?: number;
  @Field(() => BilingualText) message!: BilingualText;
}
export const findingsMax = 100;

/** What a version that was published will meet: its own flaws, its calendar, the claims that live under it. */
@Injectable()
export class Outlook {
  constructor(
    private readonly answers: Answers,
    private readonly engine: CommandEngine,
  ) {}

  async of(published: {
    readonly programId: ProgramId;
    readonly text: string;
    readonly effectiveFrom: Instant;
  }): Promise<{ readonly warnings: readonly PolicyFinding[]; readonly liveRegistrations: number }> {
    const loaded = loadPolicy(published.text);
    const found = loaded.ok
      ? [...checkText(published.text), ...unseen(loaded.policy), ...(await this.#unpublished(loaded.policy, published))]
      : [];
    return {
      warnings: found.slice(0, findingsMax).map((one) => ({ ...one, code: upperSnake(one.code) })),
      liveRegistrations: await this.liveRegistrations(published.programId),
    };
  }

  /** Claims of a program that are not over. */
  async liveRegistrations(programId: ProgramId): Promise<number> {
    const cards = await this.answers.of(registrationCard);
    return cards.count({
      programId: { equals: programId },
      state: { in: ['underReview', 'returned', 'inCase', 'effective', 'protected'] },
    });
  }

  /** Years that the first clocks will reach and that nobody has published the working days of. */
  async #unpublished(
    policy: Policy,
    { effectiveFrom }: { readonly effectiveFrom: Instant },
  ): Promise<readonly Found[]> {
    const calendar = policy.document.calendar as Code | undefined;
    if (!policy.countsWorkingDays || calendar === undefined) return [];
    const begins = Math.max(Date.parse(effectiveFrom), Date.parse(this.answers.now()));
    const year = new Date(begins).getUTCFullYear();
    const years = await Promise.all(
      [year, year + 1].map(async (one) => ({
        year: one,
        ...(await this.engine.ask(calendarStream(calendar, one), calendarFolding)),
      })),
    );
    return years
      .filter(({ days }) => days === undefined)
      .map((one) => ({
        severity: 'warning',
        code: 'CalendarUnpublished',
        path: 'calendar',
        message: {
          zh: `工作日历 ${calendar} 的 ${one.year} 年尚未公布：需要该年工作日的期限无法计算。`,
          en: `Nobody has published the working days of ${one.year} in the calendar ${calendar}: a clock that needs them cannot be counted.`,
        },
      }));
  }
}

const unseen = ({ document }: Policy): readonly Found[] =>
  document.permissions.some(({ may }) => may.includes('seeOthers'))
    ? []
    : [
        {
          severity: 'warning',
          code: 'NobodySeesOthers',
          path: 'permissions',
          message: {
            zh: '没有人可以查看他人的报备（seeOthers）；若有意如此，可不理会。',
            en: "Nobody may look through others' claims (seeOthers); if that is meant, leave it.",
          },
        },
      ];

/**
 * A policy's problems in the words and with the places that `baobei policy check` gives them: the record of the refusal
 * keeps codes and lines, and the text is the command's own, so a repeat reads the same.
 */
export const inItsWords = (answer: Refused, text: string): Refused => {
  const loaded = loadPolicy(text);
  if (loaded.ok) return answer;
  return Object.assign(new Refused(), {
    ...answer,
    reasons: answer.reasons.map((reason, index) => {
      const problem = loaded.problems[index];
      if (problem === undefined || reason.code !== 'POLICY_UNUSABLE') return reason;
      const { line, column, code, message } = problem;
      return {
        ...reason,
        message: {
          zh: `第 ${line} 行第 ${column} 列：${message.zh}（${code}）`,
          en: `line ${line}, column ${column}: ${message.en} (${code})`,
        },
      };
    }),
  });
};
