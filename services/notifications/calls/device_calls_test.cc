#include "services/notifications/calls/device_calls.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/crypto/p256.h"
#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Notifications;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

// A device with a browser; `more` are further fields.
v1::Device MakeDevice(const std::string& more = "", int browser = 1) {
  v1::Device device;
  const std::string json =
      absl::StrCat("{\"pushSubscription\": {\"endpoint\": \"https://push.example/", browser,
                   "\", \"expirationTime\": null, \"keys\": {\"p256dh\": \"",
                   absl::WebSafeBase64Escape(crypto::P256Point(*crypto::GenerateP256())),
                   "\", \"auth\": \"", absl::WebSafeBase64Escape(std::string(16, '\1')), "\"}}",
                   more.empty() ? "" : ", ", more, "}");
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &device).ok()) << json;
  return device;
}

absl::StatusOr<v1::Device> Create(Notifications& n, const v1::Device& device) {
  v1::CreateDeviceRequest request;
  *request.mutable_device() = device;
  return n.devices.CreateDevice(MakeCall(), request);
}
absl::StatusOr<v1::Device> Read(Notifications& n, const std::string& name,
                                const std::string& token) {
  v1::GetDeviceRequest request;
  request.set_name(name);
  request.set_device_token(token);
  return n.devices.GetDevice(MakeCall(), request);
}
std::vector<PushSubscription> BrowsersOf(Notifications& n, const std::string& name) {
  std::vector<PushSubscription> browsers;
  EXPECT_OK(n.database->Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(browsers, n.endpoints.ListPush(transaction, name));
    return absl::OkStatus();
  }));
  return browsers;
}

TEST(DeviceCallsTest, SubscribesADeviceWithoutAnAccount) {
  Notifications n;
  const auto created = Create(n, MakeDevice(R"("topics": ["topics/weather"],
      "districts": ["districts/a"], "language": "uk",
      "quietHours": {"start": "22:00", "end": "07:00"})"));
  ASSERT_OK(created);
  EXPECT_THAT(created->device_token(), SizeIs(43));
  const auto read = Read(n, created->name(), created->device_token());
  ASSERT_OK(read);
  EXPECT_EQ(read->device_token(), "");
  EXPECT_THAT(read->topics(), ElementsAre("topics/weather"));
  EXPECT_THAT(read->districts(), ElementsAre("districts/a"));
  EXPECT_EQ(read->language(), "uk");
  EXPECT_EQ(read->quiet_hours().end(), "07:00");
  ASSERT_THAT(BrowsersOf(n, created->name()), SizeIs(1));
  ASSERT_OK(n.watch.Refresh());
  EXPECT_THAT(n.watch.Find({.topic = "topics/weather", .channels = kWebPush}), SizeIs(1));
}

TEST(DeviceCallsTest, TheTokenIsNeeded) {
  Notifications n;
  const auto created = Create(n, MakeDevice());
  const auto other = Create(n, MakeDevice("", 2));
  for (const std::string& token : {std::string(), std::string("x"), other->device_token()}) {
    EXPECT_THAT(Read(n, created->name(), token), HasReason("DEVICE_NOT_FOUND"));
    v1::UpdateDeviceRequest update;
    update.mutable_device()->set_name(created->name());
    update.mutable_device()->set_device_token(token);
    EXPECT_THAT(n.devices.UpdateDevice(MakeCall(), update), HasReason("DEVICE_NOT_FOUND"));
    v1::DeleteDeviceRequest remove;
    remove.set_name(created->name());
    remove.set_device_token(token);
    EXPECT_THAT(n.devices.DeleteDevice(MakeCall(), remove), HasReason("DEVICE_NOT_FOUND"));
  }
  n.Subscribe({.subscriber = "residents/a"});
  EXPECT_THAT(Read(n, "residents/a", ""), HasReason("DEVICE_NOT_FOUND"));
}

TEST(DeviceCallsTest, ChangesWhatTheRequestHas) {
  Notifications n;
  const auto created = Create(n, MakeDevice(R"("topics": ["topics/weather"])"));
  v1::UpdateDeviceRequest update;
  v1::Device& device = *update.mutable_device();
  device.set_name(created->name());
  device.set_device_token(created->device_token());
  device.add_muted_topics("topics/events");
  *device.mutable_push_subscription() = MakeDevice("", 7).push_subscription();
  auto changed = n.devices.UpdateDevice(MakeCall(), update);
  ASSERT_OK(changed);
  EXPECT_THAT(changed->topics(), ElementsAre("topics/weather"));
  EXPECT_THAT(changed->muted_topics(), ElementsAre("topics/events"));
  EXPECT_THAT(BrowsersOf(n, created->name()), SizeIs(2));
  device.add_districts("districts/none");
  EXPECT_THAT(n.devices.UpdateDevice(MakeCall(), update),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DeviceCallsTest, AMaskReplacesByNothingToo) {
  Notifications n;
  const auto created = Create(n, MakeDevice(R"("topics": ["topics/weather"],
      "districts": ["districts/a"], "mutedTopics": ["topics/events"],
      "quietHours": {"start": "22:00", "end": "07:00"})"));
  v1::UpdateDeviceRequest update;
  v1::Device& device = *update.mutable_device();
  device.set_name(created->name());
  device.set_device_token(created->device_token());
  device.add_districts("districts/b");
  for (const char* path : {"topics", "muted_topics", "quiet_hours"}) {
    update.mutable_update_mask()->add_paths(path);
  }
  auto changed = n.devices.UpdateDevice(MakeCall(), update);
  ASSERT_OK(changed);
  EXPECT_THAT(changed->topics(), IsEmpty());
  EXPECT_THAT(changed->muted_topics(), IsEmpty());
  EXPECT_FALSE(changed->has_quiet_hours());
  EXPECT_THAT(changed->districts(), ElementsAre("districts/a")) << "the mask does not name them";
  update.mutable_update_mask()->add_paths("create_time");
  EXPECT_THAT(n.devices.UpdateDevice(MakeCall(), update).status().message(),
              HasSubstr("updateMask UPDATE_MASK"));
}

TEST(DeviceCallsTest, ADeletedDeviceIsGone) {
  Notifications n;
  const auto created = Create(n, MakeDevice());
  v1::DeleteDeviceRequest remove;
  remove.set_name(created->name());
  remove.set_device_token(created->device_token());
  ASSERT_OK(n.devices.DeleteDevice(MakeCall(), remove));
  EXPECT_THAT(Read(n, created->name(), created->device_token()), HasReason("DEVICE_NOT_FOUND"));
  EXPECT_THAT(BrowsersOf(n, created->name()), IsEmpty());
  ASSERT_OK(n.watch.Refresh());
  EXPECT_THAT(n.watch.Find({.topic = "topics/weather"}), IsEmpty());
}

TEST(DeviceCallsTest, SaysWhatIsWrong) {
  Notifications n;
  v1::Device device = MakeDevice(R"("topics": ["topics/none"], "language": "de")");
  device.mutable_push_subscription()->set_endpoint("http://push.example/1");
  device.mutable_push_subscription()->mutable_keys()->set_p256dh("AAAA");
  device.mutable_push_subscription()->mutable_keys()->set_auth("?");
  const auto answer = Create(n, device);
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* violation :
       {"pushSubscription.endpoint PUSH_ENDPOINT", "pushSubscription.keys.p256dh PUSH_KEY_P256DH",
        "pushSubscription.keys.auth PUSH_KEY_AUTH", "topics[0] TOPIC_UNKNOWN",
        "language LANGUAGE_UNKNOWN"}) {
    EXPECT_THAT(answer.status().message(), HasSubstr(violation));
  }
}

TEST(DeviceCallsTest, AnAddressRegistersAFewDevicesAnHour) {
  Notifications n;
  ASSERT_OK(Create(n, MakeDevice("", 1)));
  ASSERT_OK(Create(n, MakeDevice("", 2)));
  EXPECT_THAT(Create(n, MakeDevice("", 3)), HasReason("TOO_MANY_DEVICES"));
  n.clock.Advance(absl::Hours(1));
  EXPECT_OK(Create(n, MakeDevice("", 3)));
}

}  // namespace
}  // namespace veche::notifications
