#include "services/gateway/calls/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/gateway/openapi/openapi.h"
#include "veche/testing/v1/gateway_test.pb.h"

namespace veche::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    EXPECT_OK(router_.Add(*veche::testing::gateway::v1::Gadget::descriptor()->file()->service(0)));
  }
  // The RPC's name, or the router's error.
  std::string Rpc(absl::string_view method, absl::string_view path) {
    auto match = router_.Match(method, path);
    if (!match.ok()) return absl::IsNotFound(match.status()) ? "not found" : "malformed";
    return match->route == nullptr ? match->allow : match->route->rpc->name();
  }
  Router router_;
};

TEST_F(RouterTest, FindsMethods) {
  EXPECT_EQ(Rpc("GET", "/v1/gadgets"), "ListGadgets");
  EXPECT_EQ(Rpc("POST", "/v1/gadgets"), "CreateGadget");
  EXPECT_EQ(Rpc("GET", "/v1/gadgets/a"), "GetGadget");
  EXPECT_EQ(Rpc("HEAD", "/v1/gadgets/a"), "GetGadget");
  EXPECT_EQ(Rpc("GET", "/v1/gadgets/a:watch"), "WatchGadget");
  EXPECT_EQ(Rpc("GET", "/v1/gadgets:wait"), "Wait");
  EXPECT_EQ(Rpc("GET", "/v2/things/a"), "GetGadget");
}

TEST_F(RouterTest, TellsWhatIsAllowed) {
  EXPECT_EQ(Rpc("PUT", "/v1/gadgets"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(Rpc("DELETE", "/v1/gadgets/a:watch"), "GET, OPTIONS");
}

TEST_F(RouterTest, FindsNothingElse) {
  for (const char* path : {"", "/", "v1", "/v1", "/v1/", "/v1/gadgets/", "/v1//gadgets",
                           "/v1/gadgets/a/b", "/v1/gadgets/a:b", "/v1/gadgets:watch"}) {
    EXPECT_EQ(Rpc("GET", path), "not found") << path;
  }
}

TEST_F(RouterTest, DecodesVariables) {
  const auto match = router_.Match("GET", "/v1/gadgets/%D1%8F%2Fb%3Awatch");
  ASSERT_OK(match);
  EXPECT_THAT(match->variables, ElementsAre(Pair("name", "gadgets/я%2Fb:watch")));
  EXPECT_EQ(Rpc("GET", "/v1/gadgets/%D1"), "malformed");
  EXPECT_EQ(Rpc("GET", "/v1/gadgets/%"), "malformed");
  EXPECT_EQ(Rpc("GET", "/v1/gadgets/a%00"), "malformed");
}

TEST_F(RouterTest, RefusesTheSameRouteTwice) {
  EXPECT_THAT(router_.Add(*veche::testing::gateway::v1::Gadget::descriptor()->file()->service(0)),
              veche::testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(PathTemplateTest, TakesTemplatesApart) {
  const auto path = PathTemplate::Parse("/v1/{name=a/*/b/*}/c:verb");
  ASSERT_OK(path);
  EXPECT_THAT(path->segments, ElementsAre("v1", "a", "*", "b", "*", "c"));
  EXPECT_EQ(path->verb, "verb");
  EXPECT_EQ(path->variables[0].begin, 1);
  EXPECT_EQ(path->variables[0].end, 5);
  for (const char* bad : {"", "v1", "/v1/{name", "/v1//a", "/"}) {
    EXPECT_FALSE(PathTemplate::Parse(bad).ok()) << bad;
  }
}

TEST(ApiPathTest, NamesParametersAfterTheirCollections) {
  Route route;
  route.path = *PathTemplate::Parse("/v1/{name=appeals/*}:watch");
  EXPECT_EQ(ApiPathOf(route).text, "/v1/appeals/{appeal}:watch");
  route.path = *PathTemplate::Parse("/v1/{name=categories/*}");
  EXPECT_EQ(ApiPathOf(route).text, "/v1/categories/{category}");
}

}  // namespace
}  // namespace veche::gateway
