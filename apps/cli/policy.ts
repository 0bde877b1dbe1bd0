import { Command } from 'commander';
import { policyCheckCommand } from './policy-check.js';
import { policyCoverageCommand } from './policy-coverage.js';
import { policyDifferenceCommand } from './policy-difference.js';
import { policyExplainCommand } from './policy-explain.js';
import { policyRefusalsCommand, policySchemaCommand } from './policy-schema.js';
import { policyTestCommand } from './policy-test.js';

/** `baobei policy …`: what a policy owner does with documents; only `explain` looks into a folder of data. */
export const policyCommand = (): Command =>
  new Command('policy')
    .description('制度文件 · policy documents')
    .addCommand(policyCheckCommand())
    .addCommand(policyCoverageCommand())
    .addCommand(policyDifferenceCommand())
    .addCommand(policyExplainCommand())
    .addCommand(policyRefusalsCommand())
    .addCommand(policySchemaCommand())
    .addCommand(policyTestCommand());
