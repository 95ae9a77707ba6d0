#include "services/identity/calls/message_calls.h"

#include <gtest/gtest.h>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class MessageCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::RegisterGuestResponse> Register(const std::string& contact,
                                                     const std::string& request_id) {
    v1::RegisterGuestRequest request;
    request.set_contact(contact);
    request.set_request_id(request_id);
    return identity_.messages.RegisterGuest(call_, request);
  }
  absl::Status Send(const std::string& recipient, const std::string& body,
                    const std::string& request_id) {
    v1::SendMessageRequest request;
    request.set_recipient(recipient);
    request.set_subject("Ответ");
    request.set_body(body);
    request.set_request_id(request_id);
    return identity_.messages.SendMessage(call_, request).status();
  }

  Identity identity_;
  const rpc::Call call_ = MakeCall(rpc::testing::Service("appeals"));
};

// Appeals sends "appeals/guest/…" with the hash of a key and the hash of a request.
TEST_F(MessageCallsTest, ARequestIdMayHoldHashes) {
  EXPECT_OK(Register("guest@example.ru", std::string(256, 'a')));
  EXPECT_THAT(Register("guest@example.ru", std::string(257, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageCallsTest, AGuestHasANameOfTheirOwnEachTime) {
  const auto first = Register("guest@example.ru", "r1");
  ASSERT_OK(first);
  EXPECT_EQ(Register("guest@example.ru", "r1")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "r2")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "")->resident(),
            Register("guest@example.ru", "")->resident());
  EXPECT_THAT(Register("nonsense", "r3"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageCallsTest, AGuestKeepsTheLanguageOfTheCall) {
  rpc::Call call = MakeCall(rpc::testing::Service("appeals"));
  call.set_language("uk");
  v1::RegisterGuestRequest request;
  request.set_contact("guest@example.ru");
  const auto guest = identity_.messages.RegisterGuest(call, request);
  ASSERT_OK(guest);
  const absl::string_view id = absl::StripPrefix(guest->resident(), "residents/");
  const auto stored = identity_.Write(
      [&](sql::Transaction& transaction) { return identity_.store.GetResident(transaction, id); });
  ASSERT_OK(stored);
  EXPECT_EQ((*stored)->profile.locale, "uk");
}

TEST_F(MessageCallsTest, AGuestsContactRegistersAnotherAccount) {
  const auto guest = Register("guest@example.ru", "r1");
  const auto resident = identity_.SignIn(identity_.AskForCode("guest@example.ru"));
  ASSERT_OK(resident);
  EXPECT_NE(resident->principal().name(), guest->resident());
}

TEST_F(MessageCallsTest, RequestIdsAreOfOneCallerAndOneRecipient) {
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  const std::string other = Register("other@example.ru", "r2")->resident();
  EXPECT_OK(Send(guest, "x", "m1"));
  EXPECT_THAT(Send(other, "x", "m1"), HasReason("REQUEST_ID_REUSED"));
  v1::SendMessageRequest request;
  request.set_recipient(other);
  request.set_body("x");
  request.set_request_id("m1");
  EXPECT_OK(identity_.messages.SendMessage(MakeCall(rpc::testing::Service("polling")), request));
}

TEST_F(MessageCallsTest, NobodyIsFoundByAMadeUpName) {
  for (const char* name : {"residents/01hzzzzzzzzzzzzzzzzzzzzzzz", "residents/x", "staff/x", ""}) {
    EXPECT_THAT(Send(name, "x", "m1"), HasReason("RECIPIENT_NOT_FOUND")) << name;
  }
}

}  // namespace
}  // namespace veche::identity
