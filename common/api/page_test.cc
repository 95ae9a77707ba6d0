#include "common/api/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/base/id.h"
#include "common/testing/status_matchers.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using Request = notifications::v1::ListNotificationsRequest;

Request WithToken(const std::string& token) {
  Request request;
  request.set_page_token(token);
  return request;
}

Page MakePage(const Request& request, absl::string_view caller = "") {
  Violations violations;
  Page page(request, caller, violations);
  EXPECT_OK(violations.ToStatus());
  return page;
}

// Whether the token is accepted with this request of this caller.
bool Takes(const Request& request, absl::string_view caller = "") {
  Violations violations;
  const Page page(request, caller, violations);
  page.Numbers(1, violations);
  return violations.empty();
}

TEST(PageTest, HasASizeWithinBounds) {
  Request request;
  EXPECT_EQ(MakePage(request).size(), 20);
  request.set_page_size(1);
  EXPECT_EQ(MakePage(request).size(), 1);
  request.set_page_size(1'000'000);
  EXPECT_EQ(MakePage(request).size(), 200);
  request.set_page_size(-1);
  Violations violations;
  EXPECT_EQ(Page(request, "", violations).size(), 20);
  EXPECT_THAT(violations.Serialize(), HasSubstr("pageSize"));
}

TEST(PageTest, ATokenHoldsAPlace) {
  const Page first = MakePage({});
  Violations violations;
  EXPECT_EQ(first.Numbers(2, violations), std::nullopt);
  EXPECT_EQ(first.Place(IsUlid, violations), "");
  EXPECT_THAT(MakePage(WithToken(first.TokenAfter({7, INT64_MIN}))).Numbers(2, violations),
              Optional(ElementsAre(7, INT64_MIN)));
  const std::string id = "01k6a7h3v9m2q4r8s0t1w5x7yz";
  EXPECT_EQ(MakePage(WithToken(first.TokenAfter(id))).Place(IsUlid, violations), id);
  EXPECT_OK(violations.ToStatus());
}

TEST(PageTest, ATokenBelongsToItsRequest) {
  Request request;
  request.set_page_size(5);
  request.set_page_token(MakePage(request, "residents/a").TokenAfter({7}));
  EXPECT_TRUE(Takes(request, "residents/a"));
  request.set_page_size(50);
  EXPECT_TRUE(Takes(request, "residents/a"));
  EXPECT_FALSE(Takes(request, "residents/b"));
  request.set_unread(true);
  EXPECT_FALSE(Takes(request, "residents/a"));
}

TEST(PageTest, ABudgetHoldsOneItemAlwaysAndNoMoreThanItsBytes) {
  Request large;
  large.set_page_token(std::string(5'000'000, 'x'));
  PageBudget one;
  EXPECT_TRUE(one.Fits(large));
  EXPECT_FALSE(one.Fits(Request()));
  large.set_page_token(std::string(700'000, 'x'));
  PageBudget two;
  EXPECT_TRUE(two.Fits(large));
  EXPECT_TRUE(two.Fits(large));
  EXPECT_FALSE(two.Fits(large));
}

TEST(PageTest, OtherTextsAreNoTokens) {
  const Page page = MakePage({});
  EXPECT_TRUE(Takes(WithToken(page.TokenAfter({1}))));
  for (const std::string& token :
       {std::string("!!!"), std::string("x"), page.TokenAfter(""), page.TokenAfter("one"),
        page.TokenAfter({1, 2}), page.TokenAfter({1}) + "AAAA", absl::WebSafeBase64Escape("7"),
        std::string(100'000, 'A')}) {
    EXPECT_FALSE(Takes(WithToken(token))) << token.substr(0, 60);
  }
  Violations violations;
  MakePage(WithToken(page.TokenAfter("7"))).Place(IsUlid, violations);
  EXPECT_THAT(violations.Serialize(), HasSubstr("pageToken"));
}

}  // namespace
}  // namespace veche::api
