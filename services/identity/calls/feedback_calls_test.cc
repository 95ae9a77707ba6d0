#include "services/identity/calls/feedback_calls.h"

#include <gtest/gtest.h>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;

class FeedbackCallsTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  absl::Status Send(const std::string& text, const std::string& contact = "",
                    const std::string& page = "") {
    v1::SendFeedbackRequest request;
    request.set_text(text);
    request.set_contact(contact);
    request.set_page(page);
    return identity_.feedback.SendFeedback(MakeCall(), request).status();
  }

  Identity identity_{GetParam().open()};
};

TEST_P(FeedbackCallsTest, IsListedNewestFirst) {
  ASSERT_OK(Send("Карта не открывается", "8 999 123-45-67", "/map"));
  identity_.clock.Advance(absl::Milliseconds(1));  // ids are ordered by time
  ASSERT_OK(Send("Спасибо!"));
  const rpc::Call admin = MakeCall(rpc::testing::Admin("a"));
  v1::ListFeedbackRequest request;
  request.set_page_size(1);
  const auto first = identity_.feedback.ListFeedback(admin, request);
  ASSERT_OK(first);
  ASSERT_EQ(first->messages_size(), 1);
  EXPECT_EQ(first->messages(0).text(), "Спасибо!");
  EXPECT_EQ(first->messages(0).contact(), "");
  request.set_page_token(first->next_page_token());
  const auto second = identity_.feedback.ListFeedback(admin, request);
  ASSERT_OK(second);
  ASSERT_EQ(second->messages_size(), 1);
  EXPECT_EQ(second->messages(0).contact(), "+79991234567");
  EXPECT_EQ(second->messages(0).page(), "/map");
  EXPECT_EQ(second->next_page_token(), "");
  const auto looks = identity_.Write([](sql::Transaction& t) {
    return t.Query("SELECT staff FROM staff_actions WHERE action = 'READ_FEEDBACK'");
  });
  ASSERT_OK(looks);
  EXPECT_EQ(looks->size(), 2u);
}

TEST_P(FeedbackCallsTest, NamesEveryWrongField) {
  EXPECT_EQ(Send("x", "nonsense", "a\nb").message(),
            "INVALID_FIELDS: text TOO_SHORT, page CONTROL_CHARACTER, contact CONTACT");
}

TEST_P(FeedbackCallsTest, OldFeedbackIsDeleted) {
  ASSERT_OK(Send("старое"));
  identity_.clock.Advance(absl::Hours(24 * 366));
  ASSERT_OK(Send("новое"));
  ASSERT_OK(identity_.Write([&](sql::Transaction& t) {
    return identity_.feedback_store.Prune(t, identity_.clock.Now());
  }));
  const auto list =
      identity_.Write([&](sql::Transaction& t) { return identity_.feedback_store.List(t, "", 9); });
  ASSERT_OK(list);
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->at(0).text, "новое");
}

INSTANTIATE_TEST_SUITE_P(Engines, FeedbackCallsTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::identity
