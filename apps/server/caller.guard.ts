import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Authentication } from './authentication.js';
import {
  allowedRolesKey,
  contextOf,
  rememberCaller,
  withoutTokenKey,
  type Caller,
  type Role,
  rolesThatCount,
} from '#graphql/caller.js';
import { EdgeError } from '#graphql/errors.js';

/**
 * Nothing answers without a caller but what says so itself. Row and field checks belong to the read side: guards do not
 * run on fields.
 */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const targets = [host.getHandler(), host.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(withoutTokenKey, targets) === true) return true;
    const caller = await this.#callerIn(host);
    if (caller === undefined) throw new EdgeError('UNAUTHENTICATED');
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(allowedRolesKey, targets);
    if (allowed !== undefined && !rolesThatCount(caller).some((role) => allowed.includes(role)))
      throw new EdgeError('FORBIDDEN');
    return true;
  }

  async #callerIn(host: ExecutionContext): Promise<Caller | undefined> {
    const context = contextOf(host);
    if (context !== undefined) return context.caller;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.authentication.callerOf(request.headers.authorization);
    if (caller !== undefined) rememberCaller(request, caller);
    return caller;
  }
}
