import { Command, Option } from 'commander';
import type { Code } from '#event-sourcing/vocabulary.js';
import { commandTo } from '#features/edge/command-bus.js';
import { publishCalendar } from '#features/program/publish-calendar/publish-calendar.js';
import { calendarFromChineseDays } from '#time/calendar.js';
import { mustBeDone, onHost } from './on-host.js';
import { openFolder } from './open-folder.js';

interface PublishOptions {
  readonly china: true;
  readonly id: string;
  readonly year?: readonly string[];
}

/** `baobei calendar publish --china`: the working days that policies with `calendar: china` count by. */
export const calendarCommand = (): Command =>
  new Command('calendar').description('工作日历 / working calendars').addCommand(
    new Command('publish')
      .description('公布工作日历（须先停止服务器） / publish working days, with the server stopped')
      .requiredOption(
        '--china',
        '中国大陆法定节假日与调休，2025、2026 年 / the statutory days of mainland China, 2025 and 2026',
      )
      .option('--id <name>', '制度中 calendar 的名称 / the name that policies give it', 'china')
      .addOption(new Option('--year <year...>', '只公布这些年 / these years alone').choices(['2025', '2026']))
      .action(publish),
  );

const publish = async ({ id, year }: PublishOptions): Promise<void> => {
  const installation = await openFolder();
  try {
    const { years } = calendarFromChineseDays(...(year ?? []).map(Number));
    for (const [name, { holidays, makeUpDays }] of Object.entries(years)) {
      const isNew = await mustBeDone(
        installation.bus.execute(
          commandTo(publishCalendar, {
            ...onHost(installation),
            calendarId: id as Code,
            year: Number(name),
            holidays,
            makeUpDays,
          }),
        ),
      );
      process.stdout.write(
        isNew
          ? `${id} ${name}：已公布，${holidays.length} 天放假，${makeUpDays.length} 天调休上班 / published, ${holidays.length} days off and ${makeUpDays.length} worked instead\n`
          : `${id} ${name}：此前已公布 / had been published before\n`,
      );
    }
  } finally {
    await installation.close();
  }
};
