// Watchkeeper under PM2. Adjust the two paths, then: pm2 start deploy/ecosystem.config.cjs && pm2 save
const checkout = '/opt/watchkeeper';
const workspace = '/srv/pipeline';

module.exports = {
  apps: [
    {
      name: 'watchkeeper',
      script: `${checkout}/src/cli/watchkeeper.mjs`,
      interpreter: `${checkout}/node_modules/.bin/node`,
      interpreter_args: '--max-semi-space-size=1', // saves a fifth of its memory
      args: 'run',
      cwd: workspace,
      // One supervisor a workspace: never more instances, and no restarts that cannot help (2: configuration, 3: held).
      instances: 1,
      exec_mode: 'fork',
      autorestart: true,
      stop_exit_codes: [0, 2, 3],
      // The orderly end: PM2's signal goes to the supervisor alone, which ends its children itself, in order, and writes
      // everything down. PM2's default would hit every process of every module at the same moment.
      treekill: false,
      // Time for that, until PM2 kills: modules, then services may each take their killGrace (5 s) and 5 s more, a commit 10 s.
      kill_timeout: 60000,
      // Watchkeeper watches its own configuration, and rotates its own logs.
      watch: false,
    },
  ],
};
