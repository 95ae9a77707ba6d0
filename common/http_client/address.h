#pragma once

#include <sys/socket.h>

namespace veche::http_client {

// Whether `address` is a unicast address of the public Internet (IPv4 or IPv6). False for private,
// shared, loopback, link-local, multicast, documentation, benchmarking and reserved addresses (the
// special-purpose registries of IANA), for IPv4-mapped ones and other address families. A NAT64
// address (64:ff9b::/96) is as public as the IPv4 address inside it. Thread-safe.
bool IsPublic(const sockaddr& address);

// The same for the text of an address, as it stands in a URL: "10.0.0.1", "[::1]". True when the
// text is not an address: a name says nothing before it is resolved.
bool MayBePublic(const char* host);

}  // namespace veche::http_client
