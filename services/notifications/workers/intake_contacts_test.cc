#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Notifications;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;

class IntakeContactsTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  events::Event Event(const std::string& type, const std::string& actor = "",
                      const std::string& department = "departments/roads") {
    appeals::v1::AppealEvent data;
    data.set_appeal("appeals/a");
    data.set_number("2026-000007");
    data.set_author("residents/guest");
    data.set_actor(actor);
    data.set_department(department);
    notifications_.clock.Advance(absl::Seconds(1));
    return {.id = ids_.New(),
            .type = absl::StrCat("veche.appeals.", type),
            .subject = "appeals/a",
            .time = notifications_.clock.Now(),
            .data = data.SerializeAsString()};
  }
  // The deliveries so far: the subscriber, and the short type of the notice.
  std::vector<std::pair<std::string, std::string>> Deliveries() {
    std::vector<std::pair<std::string, std::string>> found;
    EXPECT_OK(notifications_.database->Read([&](sql::Transaction& transaction) -> absl::Status {
      found.clear();
      const auto rows =
          transaction.Query("SELECT subscriber, notice FROM deliveries ORDER BY notice");
      if (!rows.ok()) return rows.status();
      for (const sql::Row& row : *rows) {
        const int64_t numbers[] = {row.Int(1)};
        const auto notices = notifications_.contact_store.GetNotices(transaction, numbers);
        if (!notices.ok()) return notices.status();
        const ContactNotice& notice = notices->at(row.Int(1));
        EXPECT_EQ(notice.recipient, row.Text(0));
        found.emplace_back(row.Text(0), notice.type.substr(notice.type.rfind('.') + 1));
      }
      return absl::OkStatus();
    }));
    return found;
  }

  Notifications notifications_{GetParam().open()};
  UlidSource ids_{notifications_.clock};
};

TEST_P(IntakeContactsTest, EachNoticeOfAnAppealLeavesOnce) {
  const std::vector<events::Event> batch = {Event("submitted"), Event("followed", "residents/f"),
                                            Event("info_requested", "staff/o"),
                                            Event("messaged", "residents/guest")};
  ASSERT_OK(notifications_.Apply(batch));
  ASSERT_OK(notifications_.Apply(batch));  // read again
  EXPECT_THAT(Deliveries(), UnorderedElementsAre(Pair("residents/guest", "submitted"),
                                                 Pair("residents/guest", "info_requested"),
                                                 Pair("residents/f", "info_requested")));
}

TEST_P(IntakeContactsTest, AReceiptIsInNoInbox) {
  ASSERT_OK(notifications_.Apply({Event("submitted", "residents/guest")}));
  EXPECT_THAT(Deliveries(), ElementsAre(Pair("residents/guest", "submitted")));
  EXPECT_THAT(notifications_.TypesOf("guest"), IsEmpty());
}

TEST_P(IntakeContactsTest, AnOverdueAnswerIsNewsAndALateRoutingIsNot) {
  ASSERT_OK(notifications_.Apply({Event("escalated", "", "")}));
  EXPECT_THAT(Deliveries(), IsEmpty());
  ASSERT_OK(notifications_.Apply({Event("escalated")}));
  EXPECT_THAT(Deliveries(), ElementsAre(Pair("residents/guest", "escalated")));
  EXPECT_THAT(notifications_.TypesOf("guest"), ElementsAre("escalated"));
}

TEST_P(IntakeContactsTest, TheLinkOfAnAlertNamesItsTopic) {
  v1::GetUnsubscribePageRequest look;
  look.set_token(notifications_.tokens.Make({"residents/guest", "topics/weather"}));
  const auto page = notifications_.contact_calls.GetUnsubscribePage(rpc::testing::MakeCall(), look);
  ASSERT_OK(page);
  EXPECT_THAT(page->data(), ::testing::HasSubstr("Погода"));
  v1::UnsubscribeRequest end;
  end.set_token(look.token());
  const auto ended = notifications_.contact_calls.Unsubscribe(rpc::testing::MakeCall(), end);
  ASSERT_OK(ended);
  EXPECT_THAT(ended->data(), ::testing::HasSubstr("Погода"));
}

TEST_P(IntakeContactsTest, ALinkEndsMessages) {
  const std::string token = notifications_.tokens.Make({"residents/guest", "appeals/a"});
  v1::GetUnsubscribePageRequest look;
  look.set_token(token);
  const rpc::Call call = rpc::testing::MakeCall();
  ASSERT_OK(notifications_.contact_calls.GetUnsubscribePage(call, look));
  const auto opt_outs = [&] {
    std::set<std::pair<std::string, std::string>> found;
    EXPECT_OK(notifications_.database->Read([&](sql::Transaction& transaction) -> absl::Status {
      const std::string residents[] = {"residents/guest", "residents/other"};
      auto result = notifications_.contact_store.OptOuts(transaction, residents);
      if (result.ok()) found = *std::move(result);
      return result.status();
    }));
    return found;
  };
  EXPECT_THAT(opt_outs(), IsEmpty()) << "a look changes nothing";
  v1::UnsubscribeRequest end;
  end.set_token(token);
  for (int i = 0; i < 2; ++i) ASSERT_OK(notifications_.contact_calls.Unsubscribe(call, end));
  EXPECT_THAT(opt_outs(), ElementsAre(Pair("residents/guest", "appeals/a")));
  end.set_all(true);
  ASSERT_OK(notifications_.contact_calls.Unsubscribe(call, end));
  EXPECT_THAT(opt_outs(),
              ElementsAre(Pair("residents/guest", ""), Pair("residents/guest", "appeals/a")));
  end.set_token("nonsense");
  EXPECT_THAT(notifications_.contact_calls.Unsubscribe(call, end), HasReason("LINK_UNKNOWN"));
}

INSTANTIATE_TEST_SUITE_P(Engines, IntakeContactsTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
