#include "common/rpc/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::rpc {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::IsOkAndHolds;
using ::veche::testing::StatusIs;

TEST(TargetTest, ReadsNamesAndLists) {
  const struct {
    const char* address;
    const char* target;
  } kCases[] = {
      {"identity:9000", "dns:///identity:9000"},
      {"identity.veche.svc.cluster.local:9000", "dns:///identity.veche.svc.cluster.local:9000"},
      {"localhost:1", "dns:///localhost:1"},
      {"127.0.0.1:9000", "ipv4:127.0.0.1:9000"},
      {"10.0.0.1:9000,10.0.0.2:9001", "ipv4:10.0.0.1:9000,10.0.0.2:9001"},
      {"10.0.0.1:9000, 10.0.0.2:9001", "ipv4:10.0.0.1:9000,10.0.0.2:9001"},
      {"[::1]:9000", "ipv6:[::1]:9000"},
      {"[2001:db8::1]:1,[2001:db8::2]:65535", "ipv6:[2001:db8::1]:1,[2001:db8::2]:65535"},
      {"dns:///identity:9000", "dns:///identity:9000"},
      {"dns://10.0.0.53:5353/identity:9000", "dns://10.0.0.53:5353/identity:9000"},
  };
  for (const auto& one : kCases) {
    EXPECT_THAT(TargetOf(one.address), IsOkAndHolds(std::string(one.target))) << one.address;
  }
}

TEST(TargetTest, SaysWhatIsWrong) {
  const struct {
    const char* address;
    const char* why;
  } kCases[] = {
      {"", "empty"},
      {"identity", "needs a port"},
      {"identity:", "needs a port"},
      {"identity:0", "needs a port"},
      {"identity:65536", "needs a port"},
      {"identity:http", "needs a port"},
      {"http://identity:9000", "not a link"},
      {"https://identity:9000/", "not a link"},
      {":9000", "is not a host name"},
      {"iden tity:9000", "is not a host name"},
      {"[identity]:9000", "is not an IPv6 address"},
      {"10.0.0.1:9000,", "empty"},
      {"10.0.0.1:9000,[::1]:9000", "one kind"},
      {"identity-1:9000,identity-2:9000", "one DNS name"},
      {"dns://identity:9000", "dns:///"},
      {"dns:///identity", "needs a port"},
  };
  for (const auto& one : kCases) {
    const auto target = TargetOf(one.address);
    EXPECT_THAT(target, StatusIs(absl::StatusCode::kInvalidArgument)) << one.address;
    EXPECT_THAT(std::string(target.status().message()), HasSubstr(one.why)) << one.address;
  }
}

}  // namespace
}  // namespace veche::rpc
