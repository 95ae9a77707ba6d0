#include "services/identity/workers/courier.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "services/identity/delivery/file_outbox.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::IsOkAndHolds;

class CourierTest : public ::testing::Test {
 protected:
  // Registers a guest and returns their name.
  std::string Register(const std::string& contact) {
    v1::RegisterGuestRequest request;
    request.set_contact(contact);
    const auto response = identity_.messages.RegisterGuest(call_, request);
    EXPECT_OK(response);
    return response.ok() ? response->resident() : "";
  }
  void Queue(const std::string& recipient, const std::string& body) {
    v1::SendMessageRequest request;
    request.set_recipient(recipient);
    request.set_subject("Ответ");
    request.set_body(body);
    request.set_request_id("m1");
    EXPECT_OK(identity_.messages.SendMessage(call_, request));
  }
  Courier MakeCourier(MessageSender& sender) {
    return Courier(*identity_.database, identity_.store, sender, identity_.clock, telemetry_);
  }

  Identity identity_;
  const rpc::Call call_ = MakeCall(rpc::testing::Service("appeals"));
  observe::Telemetry telemetry_ = observe::NullTelemetry();
};

TEST_F(CourierTest, ARepeatedRequestSendsOneMessage) {
  const std::string guest = Register("guest@example.ru");
  Courier courier = MakeCourier(identity_.sender);
  Queue(guest, "Ваше обращение решено");
  Queue(guest, "Ваше обращение решено");
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  Queue(guest, "Ваше обращение решено");
  identity_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));
  ASSERT_THAT(identity_.sender.messages(), SizeIs(1));
  EXPECT_EQ(identity_.sender.messages()[0].to.value, "guest@example.ru");
  EXPECT_EQ(identity_.sender.messages()[0].body, "Ваше обращение решено");
}

TEST_F(CourierTest, AMessageIsTriedAgainUntilItIsSent) {
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  Courier courier = MakeCourier(identity_.sender);
  identity_.sender.FailWith(absl::UnavailableError("no disk"));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));  // not at once
  identity_.sender.FailWith(absl::OkStatus());
  identity_.clock.Advance(absl::Minutes(1));
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(1));
  EXPECT_THAT(identity_.sender.messages(), SizeIs(1));
}

TEST_F(CourierTest, AMessageToAnErasedPersonIsDropped) {
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  ASSERT_OK(
      identity_.Write([](sql::Transaction& t) { return t.Execute("DELETE FROM resident_keys"); }));
  Courier courier = MakeCourier(identity_.sender);
  EXPECT_THAT(courier.SendDue(), IsOkAndHolds(0));
  EXPECT_THAT(identity_.sender.messages(), IsEmpty());
}

// A process that was killed after sending and before marking the message as sent: the next courier
// writes the same file.
TEST_F(CourierTest, SendingTwiceLeavesOneFile) {
  const testing::TemporaryFolder folder;
  FileOutbox outbox(folder.path() / "outbox");
  const std::string guest = Register("+79991234567");
  Queue(guest, "Строка «в кавычках»\nи ещё одна");
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

TEST_F(CourierTest, TheCourierWakesUpForAMessage) {
  Courier courier = MakeCourier(identity_.sender);
  courier.Start();
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  courier.Wake();
  while (identity_.sender.messages().empty()) std::this_thread::yield();
  courier.Stop();
}

}  // namespace
}  // namespace veche::identity
