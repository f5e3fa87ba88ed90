// Watchkeeper under PM2. Adjust the two paths, then: pm2 start deploy/ecosystem.config.cjs && pm2 save
const checkout = '/opt/watchkeeper';
const workspace = '/srv/pipeline';

module.exports = {
  apps: [
    {
      name: 'watchkeeper',
      script: `${checkout}/supervisor.ts`,
      interpreter: `${checkout}/node_modules/.bin/node`,
      interpreter_args: '--max-semi-space-size=1', // saves a fifth of its memory
      args: 'run',
      cwd: workspace,
      // One supervisor a workspace: never more instances, and no restarts that cannot help (2: configuration, 3: held).
      instances: 1,
      exec_mode: 'fork',
      autorestart: true,
      stop_exit_codes: [0, 2, 3],
      // The orderly end: children are ended and everything is written before PM2 may kill.
      kill_timeout: 60000,
      // Watchkeeper watches its own configuration, and rotates its own logs.
      watch: false,
    },
  ],
};
