import type { Dialog } from './dialog.ts';

/** The dialogs in hand, found by drachtio's name and by Call-ID and tags (RFC 3261, clause 12). */
export class DialogBook<Owner> {
  private readonly names = new Map<string, Dialog<Owner>>();
  private readonly tags = new Map<string, Dialog<Owner>>();

  get size(): number {
    return this.names.size;
  }

  add(dialog: Dialog<Owner>): void {
    this.names.set(dialog.id, dialog);
    this.tags.set(tagKey(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
  }

  byId(id: string): Dialog<Owner> | undefined {
    return this.names.get(id);
  }

  /** The dialog of a message from the network: our tag, the far side's tag. */
  find(callId: string, localTag: string, remoteTag: string | undefined): Dialog<Owner> | undefined {
    return this.tags.get(tagKey(callId, localTag, remoteTag));
  }

  remove(dialog: Dialog<Owner>): void {
    if (this.names.get(dialog.id) === dialog) this.names.delete(dialog.id);
    const key = tagKey(dialog.callId, dialog.localTag, dialog.remoteTag);
    if (this.tags.get(key) === dialog) this.tags.delete(key);
  }

  of(owner: Owner): Dialog<Owner>[] {
    return [...this.names.values()].filter((dialog) => dialog.owner === owner);
  }
}

function tagKey(callId: string, localTag: string, remoteTag: string | undefined): string {
  return `${callId}\n${localTag}\n${remoteTag ?? ''}`;
}
