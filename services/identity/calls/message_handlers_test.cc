#include "services/identity/calls/message_handlers.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "services/identity/delivery/file_outbox.h"
#include "services/identity/testing/fixture.h"
#include "services/identity/workers/courier.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

class MessageHandlersTest : public ::testing::Test {
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
  Courier MakeCourier(MessageSender& sender) {
    return Courier(*identity_.database, identity_.store, sender, idempotency_, identity_.clock,
                   telemetry_);
  }

  Identity identity_;
  const rpc::Call call_ = MakeCall(rpc::testing::Service("appeals"));
  rpc::Idempotency idempotency_{*identity_.database, identity_.clock};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
};

// Appeals joins "appeals/guest/…", the hash of a key and the print of a request.
TEST_F(MessageHandlersTest, ARequestIdMayHoldHashes) {
  EXPECT_OK(Register("guest@example.ru", std::string(256, 'a')));
  EXPECT_THAT(Register("guest@example.ru", std::string(257, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageHandlersTest, AGuestHasANameOfTheirOwnEachTime) {
  const auto first = Register("guest@example.ru", "r1");
  ASSERT_OK(first);
  EXPECT_EQ(Register("guest@example.ru", "r1")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "r2")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "")->resident(),
            Register("guest@example.ru", "")->resident());
  EXPECT_THAT(Register("nonsense", "r3"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageHandlersTest, AGuestsContactRegistersAnotherAccount) {
  const auto guest = Register("guest@example.ru", "r1");
  const auto resident = identity_.SignIn(identity_.AskForCode("guest@example.ru"));
  ASSERT_OK(resident);
  EXPECT_NE(resident->principal().name(), guest->resident());
}

TEST_F(MessageHandlersTest, ARepeatedRequestSendsOneMessage) {
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  Courier courier = MakeCourier(identity_.sender);
  EXPECT_OK(Send(guest, "Ваше обращение решено", "m1"));
  EXPECT_OK(Send(guest, "Ваше обращение решено", "m1"));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  EXPECT_OK(Send(guest, "Ваше обращение решено", "m1"));
  identity_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));
  ASSERT_THAT(identity_.sender.messages(), SizeIs(1));
  EXPECT_EQ(identity_.sender.messages()[0].to.value, "guest@example.ru");
  EXPECT_EQ(identity_.sender.messages()[0].body, "Ваше обращение решено");
}

TEST_F(MessageHandlersTest, RequestIdsAreOfOneCallerAndOneRecipient) {
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

TEST_F(MessageHandlersTest, NobodyIsFoundByAMadeUpName) {
  for (const char* name : {"residents/01hzzzzzzzzzzzzzzzzzzzzzzz", "residents/x", "staff/x", ""}) {
    EXPECT_THAT(Send(name, "x", "m1"), HasReason("RECIPIENT_NOT_FOUND")) << name;
  }
}

TEST_F(MessageHandlersTest, AMessageIsTriedAgainUntilItIsSent) {
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  EXPECT_OK(Send(guest, "x", "m1"));
  Courier courier = MakeCourier(identity_.sender);
  identity_.sender.FailWith(absl::UnavailableError("no disk"));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));  // not at once
  identity_.sender.FailWith(absl::OkStatus());
  identity_.clock.Advance(absl::Minutes(1));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  EXPECT_THAT(identity_.sender.messages(), SizeIs(1));
}

TEST_F(MessageHandlersTest, AMessageToAnErasedPersonIsDropped) {
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  EXPECT_OK(Send(guest, "x", "m1"));
  ASSERT_OK(
      identity_.Write([](sql::Transaction& t) { return t.Execute("DELETE FROM resident_keys"); }));
  Courier courier = MakeCourier(identity_.sender);
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));
  EXPECT_THAT(identity_.sender.messages(), IsEmpty());
}

// A courier that dies between sending and saying so leaves the message to the next, who writes the
// same file: what kill -9 at the worst instant looks like.
TEST_F(MessageHandlersTest, SendingTwiceLeavesOneFile) {
  const testing::TemporaryFolder folder;
  FileOutbox outbox(folder.path() / "outbox");
  const std::string guest = Register("+79991234567", "r1")->resident();
  EXPECT_OK(Send(guest, "Строка «в кавычках»\nи ещё одна", "m1"));
  const auto claimed = identity_.Write([&](sql::Transaction& t) {
    return identity_.store.ClaimMessages(t, identity_.clock.Now(), 10);
  });
  ASSERT_OK(claimed);
  ASSERT_OK(outbox.Send(claimed->at(0)));

  identity_.clock.Advance(absl::Minutes(1));
  Courier courier = MakeCourier(outbox);
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "outbox")) {
    files.push_back(entry.path());
  }
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_TRUE(IsUlid(files[0].stem().string()));
  std::ostringstream text;
  text << std::ifstream(files[0]).rdbuf();
  google::protobuf::Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &json).ok());
  const auto field = [&](const char* name) { return json.fields().at(name).string_value(); };
  EXPECT_EQ(field("to"), "+79991234567");
  EXPECT_EQ(field("channel"), "SMS");
  EXPECT_EQ(field("subject"), "Ответ");
  EXPECT_EQ(field("body"), "Строка «в кавычках»\nи ещё одна");
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, field("createTime"), &time, &error)) << error;
}

TEST_F(MessageHandlersTest, AnOutboxThatCannotWriteSaysSo) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "outbox") << "a file in the way";
  FileOutbox outbox(folder.path() / "outbox");
  EXPECT_THAT(outbox.Send({.id = "m"}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(MessageHandlersTest, TheCourierWakesUpForAMessage) {
  Courier courier = MakeCourier(identity_.sender);
  courier.Start();
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  EXPECT_OK(Send(guest, "x", "m1"));
  courier.Wake();
  while (identity_.sender.messages().empty()) std::this_thread::yield();
  courier.Stop();
}

}  // namespace
}  // namespace veche::identity
