/** Security groups, networks, addresses and tags as tools see them. Texts in results are AWS's own, unescaped. */

export type NetworkReader = object;

export type NetworkWriter = object;
