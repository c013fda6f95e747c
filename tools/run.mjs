// The one entry behind every npm script: sets up what is missing, then runs the command in TypeScript.
import './setup.mjs';
