#include "services/notifications/storage/contact_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notifications/testing/store_fixture.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class ContactStoreTest : public testing::EngineTest {
 protected:
  void OptOut(const std::string& resident, const std::string& subject) {
    EXPECT_OK(Write([&](sql::Transaction& transaction) {
      return store_.OptOut(transaction, {resident, subject}, n().clock.Now());
    }));
  }
  std::set<std::pair<std::string, std::string>> OptOuts(const std::vector<std::string>& residents) {
    return Get<std::set<std::pair<std::string, std::string>>>(
        [&](sql::Transaction& transaction) { return store_.OptOuts(transaction, residents); });
  }

  ContactStore store_;
};

TEST_P(ContactStoreTest, KeepsWhatLinksEnded) {
  for (int i = 0; i < 2; ++i) OptOut("residents/1", "appeals/a");
  OptOut("residents/1", "");
  OptOut("residents/2", "topics/weather");
  EXPECT_THAT(OptOuts({"residents/1", "residents/3"}),
              ElementsAre(Pair("residents/1", ""), Pair("residents/1", "appeals/a")));
  EXPECT_THAT(OptOuts({}), IsEmpty());
}

TEST_P(ContactStoreTest, TakesATopicBack) {
  OptOut("residents/1", "topics/weather");
  OptOut("residents/1", "topics/health");
  OptOut("residents/2", "topics/weather");
  ASSERT_OK(Write([&](sql::Transaction& transaction) {
    return store_.OptIn(transaction, "residents/1", "topics/weather");
  }));
  EXPECT_THAT(
      OptOuts({"residents/1", "residents/2"}),
      ElementsAre(Pair("residents/1", "topics/health"), Pair("residents/2", "topics/weather")));
}

TEST_P(ContactStoreTest, TakesAllAlertsBackButNoAppeal) {
  for (const char* subject : {"", "topics/weather", "appeals/a"}) {
    OptOut("residents/1", subject);
    OptOut("residents/2", subject);
  }
  ASSERT_OK(Write([&](sql::Transaction& transaction) {
    return store_.OptIntoAlerts(transaction, "residents/1");
  }));
  EXPECT_THAT(OptOuts({"residents/1"}), ElementsAre(Pair("residents/1", "appeals/a")));
  EXPECT_EQ(OptOuts({"residents/2"}).size(), 3);
}

INSTANTIATE_TEST_SUITE_P(Engines, ContactStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
