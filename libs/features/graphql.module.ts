import { Module } from '@nestjs/common';
import { Answers } from '#nest/graphql/answers.js';
import { Dispatch } from '#nest/graphql/dispatch.js';
import { DossierAccess } from '#nest/graphql/dossier-access.js';
import { HistoryResolver } from './audit/history/history.resolver.js';
import { RegisterResolver } from './dossier/registration/register/register.resolver.js';
import { RegistrationCardResolver } from './dossier/registration/registration-card/registration-card.resolver.js';

/** Every query, mutation and subscription of the features. Takes the installation's module, which is global. */
@Module({
  providers: [
    Answers, Dispatch, DossierAccess,
    RegistrationCardResolver, HistoryResolver,
    RegisterResolver,
  ],
})
export class GraphqlModule {}
