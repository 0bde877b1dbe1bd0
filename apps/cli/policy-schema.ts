import { Command } from 'commander';
import { policyJsonSchemaText } from '#policy/json-schema.js';

/** `baobei policy schema`: prints the JSON Schema that editors complete and check policy documents with. */
export const policySchemaCommand = (): Command =>
  new Command('schema').description('输出 JSON Schema · print the JSON Schema of a policy document').action(() => {
    process.stdout.write(policyJsonSchemaText());
  });
