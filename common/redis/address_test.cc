#include "common/redis/address.h"

#include <gmock/gmock.h>

#include "common/testing/status_matchers.h"

namespace veche::redis {
namespace {

TEST(AddressTest, ReadsHostsAndSockets) {
  struct Case {
    const char* text;
    const char* path;
    const char* host;
    const char* port;
  };
  for (const Case& c : std::vector<Case>{{"redis:6379", "", "redis", "6379"},
                                         {"10.0.0.1:1", "", "10.0.0.1", "1"},
                                         {"[::1]:6379", "", "::1", "6379"},
                                         {"unix:/run/redis.sock", "/run/redis.sock", "", ""}}) {
    const absl::StatusOr<Address> address = Address::Parse(c.text);
    ASSERT_OK(address) << c.text;
    EXPECT_EQ(address->path, c.path);
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
  }
}

TEST(AddressTest, SaysWhatAnAddressLooksLike) {
  const std::string long_path = "unix:/" + std::string(120, 'x');
  for (const absl::string_view text :
       {"", "redis", "redis:", ":6379", "redis:0", "redis:65536", "redis:+1", "::1:6379", "[]:6379",
        "redis://redis:6379", "unix:", "unix:redis.sock", long_path.c_str()}) {
    const absl::Status status = Address::Parse(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("redis:6379")) << text;
  }
}

}  // namespace
}  // namespace veche::redis
