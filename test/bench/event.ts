/** What a server tells of a message, as large as ChatRoom's event. */
export const messageEvent = (id: number, sender: string, recipient: string, message: string): object => {
  const at = new Date().toISOString()
  return {
    type: 'message.created',
    event_id: `5f0c2a1e-${id}`,
    at,
    message: { id, sender, recipient, message, sent_at: at },
  }
}
