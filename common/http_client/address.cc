#include "common/http_client/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace veche::http_client {
namespace {

struct Network4 {
  uint32_t address;
  int bits;
};

constexpr uint32_t Address4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Network4 kNotPublic4[] = {
    {Address4(0, 0, 0, 0), 8},        // this network
    {Address4(10, 0, 0, 0), 8},       // private
    {Address4(100, 64, 0, 0), 10},    // shared by customers of a provider
    {Address4(127, 0, 0, 0), 8},      // loopback
    {Address4(169, 254, 0, 0), 16},   // link-local
    {Address4(172, 16, 0, 0), 12},    // private
    {Address4(192, 0, 0, 0), 24},     // protocol assignments
    {Address4(192, 0, 2, 0), 24},     // documentation
    {Address4(192, 88, 99, 0), 24},   // 6to4 relays
    {Address4(192, 168, 0, 0), 16},   // private
    {Address4(198, 18, 0, 0), 15},    // benchmarking
    {Address4(198, 51, 100, 0), 24},  // documentation
    {Address4(203, 0, 113, 0), 24},   // documentation
    {Address4(224, 0, 0, 0), 4},      // multicast
    {Address4(240, 0, 0, 0), 4},      // reserved, broadcast
};

// Only 2000::/3 is global unicast; these parts of it are not.
struct Network6 {
  uint8_t bytes[6];
  int bits;
};
constexpr Network6 kNotPublic6[] = {
    {{0x20, 0x01, 0x00, 0x00, 0x00, 0x00}, 23},  // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00}, 32},  // documentation
    {{0x20, 0x02, 0x00, 0x00, 0x00, 0x00}, 16},  // 6to4, which holds an IPv4 address
    {{0x3f, 0xff, 0x00, 0x00, 0x00, 0x00}, 20},  // documentation
};
constexpr uint8_t kNat64[] = {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

bool IsPublic4(uint32_t address) {
  return std::none_of(std::begin(kNotPublic4), std::end(kNotPublic4), [&](const Network4& network) {
    return (address ^ network.address) >> (32 - network.bits) == 0;
  });
}

bool IsIn(const uint8_t* address, const Network6& network) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if ((address[bit / 8] & mask) != (network.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

bool IsPublic6(const uint8_t* address) {
  if (std::memcmp(address, kNat64, sizeof(kNat64)) == 0) {
    const uint8_t* inner = address + sizeof(kNat64);
    return IsPublic4(Address4(inner[0], inner[1], inner[2], inner[3]));
  }
  return (address[0] & 0xe0) == 0x20 &&
         std::none_of(std::begin(kNotPublic6), std::end(kNotPublic6),
                      [&](const Network6& network) { return IsIn(address, network); });
}

}  // namespace

bool IsPublic(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    return IsPublic4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof(v6));
    return IsPublic6(v6.sin6_addr.s6_addr);
  }
  return false;
}

bool MayBePublic(const char* host) {
  in_addr v4;
  // inet_aton also reads "127.1" and "0x7f000001", as resolvers do.
  if (inet_aton(host, &v4) != 0) return IsPublic4(ntohl(v4.s_addr));
  std::string text = host;
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return IsPublic6(v6.s6_addr);
  return true;
}

}  // namespace veche::http_client
