import { Command } from 'commander';
import { policyJsonSchemaText } from '#policy/json-schema.js';
import { refusalsPage } from '#policy/refusals-page.js';

/** `baobei policy schema`: prints the JSON Schema that editors complete and check policy documents with. */
export const policySchemaCommand = (): Command =>
  new Command('schema').description('输出 JSON Schema · print the JSON Schema of a policy document').action(() => {
    process.stdout.write(policyJsonSchemaText());
  });

/** `baobei policy refusals`: prints the reference page of every code that a command can be refused with. */
export const policyRefusalsCommand = (): Command =>
  new Command('refusals').description('输出拒绝代码一览 · print every refusal code with its sentence').action(() => {
    process.stdout.write(refusalsPage());
  });
