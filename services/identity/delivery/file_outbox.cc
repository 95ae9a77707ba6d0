#include "services/identity/delivery/file_outbox.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"

namespace veche::identity {
namespace {

std::string ToJson(const OutgoingMessage& message) {
  google::protobuf::Struct json;
  const auto set = [&json](const char* field, absl::string_view value) {
    (*json.mutable_fields())[field].set_string_value(std::string(value));
  };
  set("to", message.to.value);
  set("channel", message.to.kind == api::Contact::Kind::kPhone ? "SMS" : "EMAIL");
  set("subject", message.subject);
  set("body", message.body);
  set("createTime",
      absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", message.create_time, absl::UTCTimeZone()));
  std::string text;
  // Cannot fail: the calls accept UTF-8 only.
  (void)google::protobuf::util::MessageToJsonString(json, &text);
  return text;
}

}  // namespace

FileOutbox::FileOutbox(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;  // Send reports it
  std::filesystem::create_directories(folder_, error);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
}

absl::Status FileOutbox::Send(const OutgoingMessage& message) {
  return WriteDurably(folder_ / absl::StrCat(message.id, ".json"),
                      absl::StrCat(ToJson(message), "\n"));
}

}  // namespace veche::identity
