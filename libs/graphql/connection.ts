import type { Type } from '@nestjs/common';
import { ArgsType, Extensions, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import { pageSizeDefault, pageSizeMax } from './cost.js';
import { PositionTokenScalar } from './scalars.js';

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Give it as `after` for the next page. / 作为 after 取下一页。' })
  endCursor?: string;
}

export interface Edge<Node extends object> {
  readonly cursor: string;
  readonly node: Node;
}
export interface Connection<Node extends object> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
  /** Rows that are not for the caller were left out. */
  readonly partial: boolean;
  /** Token of the last event that these rows have seen. */
  readonly position?: string;
}

const made = new Map<Type, Type<Connection<object>>>();

/**
 * The class of `<Node>Connection`, the same one each time. A field of this type needs `first`: take `PageArguments`.
 */
export const connectionOf = <Node extends object>(node: Type<Node>, name = node.name): Type<Connection<Node>> => {
  const known = made.get(node);
  if (known !== undefined) return known as Type<Connection<Node>>;

  @ObjectType(`${name}Edge`)
  class NodeEdge implements Edge<Node> {
    @Field(() => String) cursor!: string;
    @Field(() => node) node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection implements Connection<Node> {
    @Extensions({ listMax: pageSizeMax })
    @Field(() => [NodeEdge])
    edges!: NodeEdge[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
    @Field(() => Boolean, {
      description:
        'True: others have a part in it, and only your own is listed. A list that is not for you at all is an error. / 真：仅列出与您有关的部分；完全无权查看时答错误。',
    })
    partial!: boolean;
    @Field(() => PositionTokenScalar, {
      nullable: true,
      description: 'The rows are as of this place in the journal. / 数据对应的日志位置。',
    })
    position?: string;
  }
  made.set(node, NodeConnection as Type<Connection<object>>);
  return NodeConnection;
};

/** `first` 1 to 100 (20 when absent) and the cursor that the page begins after. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: pageSizeDefault, description: `1–${pageSizeMax}` })
  @IsInt()
  @Min(1)
  @Max(pageSizeMax)
  first: number = pageSizeDefault;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(1_024)
  @Matches(/^[A-Za-z0-9_=-]+$/)
  after?: string;
}

interface RowPage<Node extends object> {
  readonly rows: readonly { readonly document: Node; readonly cursor: string }[];
  readonly hasNext: boolean;
  /** Where rows behind the last one were looked at and left out. */
  readonly endCursor?: string | undefined;
}

/** A page of a read store as a connection. */
export const toConnection = <Row extends object, Node extends object>(
  { rows, hasNext, endCursor }: RowPage<Row>,
  toNode: (row: Row) => Node,
  position?: string,
  { partial = false }: { readonly partial?: boolean } = {},
): Connection<Node> => {
  const end = endCursor ?? rows.at(-1)?.cursor;
  return {
    edges: rows.map(({ document, cursor }) => ({ cursor, node: toNode(document) })),
    pageInfo: { hasNextPage: hasNext, ...(end === undefined ? {} : { endCursor: end }) },
    partial,
    ...(position === undefined ? {} : { position }),
  };
};
