/** How clients may show a token: programs in a header, pages of browsers as a subprotocol. */
export const showToken = {
  inHeader: (token: string) => ({ headers: { Authorization: `Bearer ${token}` } }),
  inSubprotocol: (token: string) => ({ protocols: ["relay.v1", `bearer.${token}`] }),
};
