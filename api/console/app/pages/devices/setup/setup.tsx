import { user } from '../../../client/http.ts';
import { LinkButton } from '../../../parts/button.tsx';
import { PageHead } from '../../../parts/page.tsx';
import { say } from '../../../words/words.ts';
import { mayAs } from '../../pages.ts';
import { Blocks } from './blocks.tsx';
import { Firmware } from './firmware.tsx';
import { Layers } from './layers.tsx';
import { Windows } from './windows.tsx';

/** What concerns all devices at once: settings of models and sites, firmware, who is let in and who is kept out. */
export default function Setup() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  return (
    <>
      <PageHead
        title={say('setup.title')}
        about={say('setup.about')}
        back={{ href: '/devices', text: say('devices.title') }}
        actions={
          mayAct && (
            <LinkButton icon="search" href="/system/network">
              {say('network.title')}
            </LinkButton>
          )
        }
      />
      <Layers mayAct={mayAct} />
      <Firmware mayAct={mayAct} />
      <Windows mayAct={mayAct} />
      <Blocks mayAct={mayAct} />
    </>
  );
}
