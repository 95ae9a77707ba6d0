#include "common/http_client/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

namespace veche::http_client {
namespace {

bool IsPublicText(const char* text) {
  sockaddr_storage storage = {};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
  }
  return IsPublic(reinterpret_cast<sockaddr&>(storage));
}

TEST(AddressTest, KnowsPublicAddresses) {
  for (const char* text :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "223.255.255.255", "2a00:1450:4001:801::200e", "2606:4700::1111",
        "2001:4860:4860::8888", "64:ff9b::8.8.8.8"}) {
    EXPECT_TRUE(IsPublicText(text)) << text;
    EXPECT_TRUE(MayBePublic(text)) << text;
  }
}

TEST(AddressTest, RefusesAllOthers) {
  for (const char* text : {"0.0.0.0",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "::ffff:8.8.8.8",
                           "::ffff:127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "fc00::1",
                           "fd00::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1"}) {
    EXPECT_FALSE(IsPublicText(text)) << text;
    EXPECT_FALSE(MayBePublic(text)) << text;
  }
  sockaddr_un local = {};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(IsPublic(reinterpret_cast<sockaddr&>(local)));
}

TEST(AddressTest, ReadsHostsOfUrls) {
  for (const char* host : {"[::1]", "127.1", "0x7f000001", "2130706433", "017700000001"}) {
    EXPECT_FALSE(MayBePublic(host)) << host;
  }
  for (const char* host : {"push.example.org", "localhost.example", "[2606:4700::1111]", ""}) {
    EXPECT_TRUE(MayBePublic(host)) << host;
  }
}

}  // namespace
}  // namespace veche::http_client
