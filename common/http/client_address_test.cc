#include "common/http/client_address.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::http {
namespace {

TEST(TrustedProxiesTest, BelieveTheLastHopThatIsNoProxy) {
  auto proxies =
      TrustedProxies::Parse({"10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "172.16.0.0/12"});
  ASSERT_OK(proxies);
  const struct {
    const char* peer;
    const char* forwarded;
    const char* client;
  } cases[] = {
      // Only a trusted proxy's header counts.
      {"203.0.113.5", "198.51.100.1", "203.0.113.5"},
      {"192.0.2.8", "198.51.100.1", "192.0.2.8"},
      {"172.32.0.1", "198.51.100.1", "172.32.0.1"},
      {"2001:db8:8000::1", "198.51.100.1", "2001:db8:8000::1"},
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
      {"172.31.255.255", "198.51.100.1", "198.51.100.1"},
      {"192.0.2.7", "2001:db9::5", "2001:db9::5"},
      {"2001:db8::1", "198.51.100.1", "198.51.100.1"},
      // The client's own entry is further left and is ignored.
      {"10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
      {"10.0.0.1", "1.2.3.4,10.9.9.9, 198.51.100.1 , 10.0.0.2,192.0.2.7", "198.51.100.1"},
      {"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
      // Entries before one that is no address are ignored.
      {"10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"},
      {"10.0.0.1", "198.51.100.1, <script>, 10.0.0.2", "10.0.0.2"},
      {"10.0.0.1", "198.51.100.1.5", "10.0.0.1"},
      {"10.0.0.1", ",,", "10.0.0.1"},
      // Forms of addresses.
      {"10.0.0.1", "198.51.100.1:4711", "198.51.100.1"},
      {"10.0.0.1", "[2001:db9::5]:4711", "2001:db9::5"},
      {"10.0.0.1", "2001:DB9:0:0::5", "2001:db9::5"},
      {"::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"},
      {"::ffff:203.0.113.5", "198.51.100.1", "203.0.113.5"},
      {"local", "198.51.100.1", "local"},
  };
  for (const auto& [peer, forwarded, client] : cases) {
    EXPECT_EQ(proxies->ClientOf(peer, forwarded), client) << peer << " for " << forwarded;
  }
}

TEST(TrustedProxiesTest, NetworksAreReadStrictly) {
  for (const char* wrong : {"", "10.0.0.0/33", "10.0.0.0/-1", "2001:db8::/129", "10.0.0/8",
                            "10.0.0.0/8/8", "proxy", "10.0.0.0/x"}) {
    EXPECT_FALSE(TrustedProxies::Parse({wrong}).ok()) << wrong;
  }
  auto everyone = TrustedProxies::Parse({"0.0.0.0/0", "::/0"});
  ASSERT_OK(everyone);
  EXPECT_EQ(everyone->ClientOf("203.0.113.5", "1.2.3.4, 5.6.7.8"), "1.2.3.4");
  EXPECT_TRUE(TrustedProxies().empty());
}

}  // namespace
}  // namespace veche::http
