#include "services/identity/delivery/file_outbox.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>

#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"

namespace veche::identity {
namespace {

constexpr absl::Duration kKeep = absl::Hours(24 * 30);

std::string ToJson(const OutgoingMessage& message) {
  google::protobuf::Struct json;
  const auto set = [&json](const char* field, absl::string_view value) {
    (*json.mutable_fields())[field].set_string_value(std::string(value));
  };
  set("to", message.to.value);
  set("channel", message.to.kind == api::Contact::Kind::kPhone ? "SMS" : "EMAIL");
  set("subject", message.subject);
  set("body", message.body);
  if (!message.html.empty()) set("html", message.html);
  if (!message.unsubscribe_url.empty()) set("unsubscribeUrl", message.unsubscribe_url);
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

void FileOutbox::Prune(absl::Time now) {
  std::error_code error;
  std::vector<std::filesystem::path> old;
  for (std::filesystem::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error)) {
    struct stat status;
    if (::stat(file->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (absl::TimeFromTimespec(status.st_mtim) < now - kKeep) old.push_back(file->path());
  }
  for (const std::filesystem::path& file : old) std::filesystem::remove(file, error);
}

}  // namespace veche::identity
