import { checkModel } from '../../model/model.ts';
import { type Fault, outcome } from '../fault.ts';

export const powerFailure: Fault = {
  id: 'crash/every-state-of-a-power-failure',
  group: 'crash',
  weight: 'critical',
  fault:
    'the operations on files are recorded, and cut off after each of them: killed there, or the power fails, and what was not synced is lost, torn or reordered',
  promise: 'every such state is opened, is a legal one, and holds all that was shown before',
  quick: false, // `test/model/` is one of the tests
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 600, full: 3_600 },
  async inject({ size, seed, progress, signal }) {
    const { problems, scenarios, counts } = await checkModel({ size, seed, progress, signal });
    const happened = `${scenarios.length} scenarios, ${counts.killPoints} crashes, ${counts.faultsInjected} states`;
    return outcome(problems, happened, counts);
  },
};
