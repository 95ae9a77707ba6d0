#include "services/notifications/calls/device_calls.h"

#include <google/protobuf/util/field_mask_util.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "common/crypto/hmac.h"
#include "common/crypto/sha256.h"
#include "services/notifications/domain/alert_errors.h"
#include "services/notifications/domain/errors.h"

namespace veche::notifications {
namespace {

using google::protobuf::FieldMask;

constexpr size_t kTokenBytes = 32;
std::string Hash(absl::string_view token) { return absl::BytesToHexString(crypto::Sha256(token)); }

// What a browser gave, as residents' browsers give it.
v1::CreatePushSubscriptionRequest RequestOf(const v1::Device::PushSubscription& browser) {
  v1::CreatePushSubscriptionRequest request;
  request.set_endpoint(browser.endpoint());
  request.mutable_keys()->set_p256dh(browser.keys().p256dh());
  request.mutable_keys()->set_auth(browser.keys().auth());
  if (browser.has_expiration_time()) request.set_expiration_time(browser.expiration_time());
  return request;
}

// Reads the settings of a device that has all of them.
void ReadSettings(const v1::Device& device, const Choices& choices, Subscription& subscription,
                  Violations& violations) {
  subscription.topics = ReadTopics(device.topics(), choices, "topics", violations);
  subscription.muted = ReadTopics(device.muted_topics(), choices, "mutedTopics", violations);
  subscription.districts = ReadDistricts(device.districts(), choices, "districts", violations);
  subscription.quiet_hours.reset();
  if (device.has_quiet_hours()) {
    subscription.quiet_hours =
        ReadQuietHours(device.quiet_hours(), choices, "quietHours", violations);
  }
  if (device.language().empty()) return;
  if (!IsLanguage(device.language())) violations.Add("language", "LANGUAGE_UNKNOWN");
  subscription.language = device.language();
}

v1::Device DeviceToWire(const Subscription& subscription) {
  v1::Device wire;
  wire.set_name(subscription.subscriber);
  for (const std::string& topic : subscription.topics) wire.add_topics(topic);
  for (const std::string& topic : subscription.muted) wire.add_muted_topics(topic);
  for (const std::string& district : subscription.districts) wire.add_districts(district);
  if (subscription.quiet_hours) *wire.mutable_quiet_hours() = ToWire(*subscription.quiet_hours);
  wire.set_language(subscription.language);
  *wire.mutable_create_time() = api::ToTimestamp(subscription.create_time);
  return wire;
}

// The settings that a request may replace by nothing; it replaces the browser whenever it has one.
constexpr absl::string_view kReplaceable[] = {"topics", "muted_topics", "districts", "quiet_hours",
                                              "language"};

// The mask of the request, or the settings that the request has.
FieldMask ReadUpdateMask(const v1::UpdateDeviceRequest& request, Violations& violations) {
  FieldMask mask;
  for (const std::string& path : request.update_mask().paths()) {
    if (absl::c_linear_search(kReplaceable, path)) {
      mask.add_paths(path);
    } else if (path != "push_subscription") {
      violations.Add("updateMask", {"UPDATE_MASK", {{"field", path}}});
    }
  }
  if (!request.update_mask().paths().empty()) return mask;
  std::vector<const google::protobuf::FieldDescriptor*> given;
  v1::Device::GetReflection()->ListFields(request.device(), &given);
  for (const auto* field : given) {
    if (absl::c_linear_search(kReplaceable, field->name())) mask.add_paths(field->name());
  }
  return mask;
}

// What the request replaces, on top of what the device has.
v1::Device Merge(v1::Device stored, const v1::Device& request, const FieldMask& mask) {
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request, mask, options, &stored);
  return stored;
}

}  // namespace

absl::StatusOr<Choices> DeviceCalls::ReadChoices(const v1::Device& device) {
  Choices choices{.districts = parts_.districts(), .time_zone = parts_.time_zone};
  if (choices.districts == nullptr && !device.districts().empty()) return CityUnknown();
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(choices.topics, parts_.alerts.ListTopics(transaction));
    return absl::OkStatus();
  }));
  return choices;
}

absl::StatusOr<v1::Device> DeviceCalls::CreateDevice(const rpc::Call& call,
                                                     const v1::CreateDeviceRequest& request,
                                                     Violations violations) {
  const v1::Device& device = request.device();
  ASSIGN_OR_RETURN(const Choices choices, ReadChoices(device));
  const std::string token = RandomToken(kTokenBytes);
  Subscription subscription{.subscriber = absl::StrCat("devices/", parts_.ids.New()),
                            .home_district = "",
                            .channels = kWebPush,
                            .language = call.language(),
                            .token_hash = Hash(token)};
  const PushSubscription browser = ReadBrowser(device, violations);
  ReadSettings(device, choices, subscription, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (!limit_.Take(call.client_address(), parts_.clock.Now())) return TooManyDevices();

  v1::Device response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.subscriptions.Put(transaction, subscription, parts_.clock.Now()));
    RETURN_IF_ERROR(PutBrowser(transaction, browser, subscription.subscriber));
    response = DeviceToWire(subscription);
    response.set_device_token(token);
    transaction.OnCommit(parts_.on_change);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Device> DeviceCalls::GetDevice(const rpc::Call&,
                                                  const v1::GetDeviceRequest& request) {
  v1::Device response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Subscription subscription,
                     Find(transaction, request.name(), request.device_token()));
    response = DeviceToWire(subscription);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::Device> DeviceCalls::UpdateDevice(const rpc::Call& call,
                                                     const v1::UpdateDeviceRequest& request,
                                                     Violations violations) {
  const v1::Device& device = request.device();
  ASSIGN_OR_RETURN(const Choices choices, ReadChoices(device));
  std::optional<PushSubscription> browser;
  if (device.has_push_subscription()) browser = ReadBrowser(device, violations);
  const FieldMask mask = ReadUpdateMask(request, violations);
  v1::Device response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Subscription subscription,
                     Find(transaction, device.name(), device.device_token()));
    Violations wrong = violations;
    ReadSettings(Merge(DeviceToWire(subscription), device, mask), choices, subscription, wrong);
    RETURN_IF_ERROR(wrong.ToStatus());
    RETURN_IF_ERROR(parts_.subscriptions.Put(transaction, subscription, parts_.clock.Now()));
    if (browser) {
      RETURN_IF_ERROR(PutBrowser(transaction, *browser, subscription.subscriber));
    }
    response = DeviceToWire(subscription);
    transaction.OnCommit(parts_.on_change);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::DeleteDeviceResponse> DeviceCalls::DeleteDevice(
    const rpc::Call& call, const v1::DeleteDeviceRequest& request) {
  const v1::DeleteDeviceResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(Find(transaction, request.name(), request.device_token()).status());
    RETURN_IF_ERROR(parts_.subscriptions.End(transaction, request.name(), parts_.clock.Now()));
    RETURN_IF_ERROR(parts_.endpoints.DeleteAll(transaction, request.name()));
    transaction.OnCommit(parts_.on_change);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<Subscription> DeviceCalls::Find(sql::Transaction& transaction,
                                               absl::string_view name, absl::string_view token) {
  std::optional<Subscription> stored;
  if (absl::StartsWith(name, "devices/")) {
    ASSIGN_OR_RETURN(stored, parts_.subscriptions.Get(transaction, name));
  }
  const bool own = stored && !stored->token_hash.empty() &&
                   crypto::EqualInConstantTime(stored->token_hash, Hash(token));
  if (!own) return DeviceNotFound();
  return *std::move(stored);
}

PushSubscription DeviceCalls::ReadBrowser(const v1::Device& device, Violations& violations) const {
  return ReadPushSubscription(RequestOf(device.push_subscription()), parts_.push_rules,
                              parts_.clock.Now(), "pushSubscription.", violations);
}

absl::Status DeviceCalls::PutBrowser(sql::Transaction& transaction, PushSubscription browser,
                                     absl::string_view name) {
  browser.id = parts_.ids.New();
  browser.subscriber = std::string(name);
  browser.create_time = parts_.clock.Now();
  return parts_.endpoints.PutPush(transaction, browser).status();
}

}  // namespace veche::notifications
