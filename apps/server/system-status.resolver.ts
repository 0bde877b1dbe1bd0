import { Field, Int, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import type { ModelStatus } from '#event-sourcing/projection/projector.js';
import { AllowedRoles } from '#graphql/caller.js';
import { Answers } from '#features/edge/answers.js';
import { listMax } from '#features/edge/record-types.js';
import { PositionTokenScalar } from '#graphql/scalars.js';
import { Installation } from '#installation/installation.js';

const ProjectionStateName = {
  RUNNING: 'running',
  REBUILDING: 'rebuilding',
  RETRYING: 'retrying',
  STOPPED: 'stopped',
} as const satisfies Readonly<Record<string, ModelStatus['state']>>;
registerEnumType(ProjectionStateName, { name: 'ProjectionState' });

@ObjectType({ description: 'A read model and how far it has come. / 读模型进度。' })
export class ProjectionStatus {
  @Field(() => String) name!: string;
  @Field(() => Int) version!: number;
  @Field(() => ProjectionStateName) state!: ModelStatus['state'];
  @Field(() => PositionTokenScalar, { description: 'The last event it has seen. / 已读到的位置。' }) position!: string;
  @Field(() => Int, { description: 'Events it has still to see. / 尚未处理的事件数。' }) lag!: number;
}

@ObjectType({ description: 'What one loop could not do and tries again. / 某个后台循环暂时搁置、稍后重试的数量。' })
export class SetAside {
  @Field(() => String, { description: '`deadlines`, or the name of a reaction.' }) loop!: string;
  @Field(() => Int) rows!: number;
}

const projectionsMax = 100;
@ObjectType({ description: 'How this installation is doing. / 系统运行状态。' })
export class SystemStatus {
  @Field(() => PositionTokenScalar, { description: 'The end of the journal. / 日志末尾。' }) head!: string;
  @Field(() => Int, { description: 'Events in the journal. / 事件总数。' }) events!: number;
  @listMax(projectionsMax) @Field(() => [ProjectionStatus]) projections!: ProjectionStatus[];
  @listMax(projectionsMax)
  @Field(() => [SetAside], { description: 'A row that fails stops no row behind it. / 个别失败不影响其后的处理。' })
  setAside!: SetAside[];
}

@Resolver()
export class SystemStatusResolver {
  constructor(
    private readonly installation: Installation,
    private readonly answers: Answers,
  ) {}

  @AllowedRoles('administrator')
  @Query(() => SystemStatus, {
    description: 'Read models with position and lag; for administrators. / 读模型位置与滞后；仅管理员。',
  })
  async systemStatus(): Promise<SystemStatus> {
    const events = await this.installation.parts.log.head();
    return {
      head: this.answers.token(events - 1),
      events,
      setAside: this.installation.setAside().slice(0, projectionsMax),
      projections: this.installation.progress
        .status()
        .slice(0, projectionsMax)
        .map(({ name, version, state, seen }) => ({
          name,
          version,
          state,
          position: this.answers.token(seen),
          lag: Math.max(0, events - 1 - seen),
        })),
    };
  }
}
