#include "services/notifications/calls/file_calls.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/notifications/calls/alert_input.h"
#include "services/notifications/domain/alert_errors.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kFiles = "alertFiles/";
constexpr size_t kPiece = 64 * 1024;

class Download final : public FileCalls::File {
 public:
  explicit Download(StoredFile file) : file_(std::move(file)) {}

  absl::StatusOr<bool> Next(google::api::HttpBody& message) override {
    if (sent_ > 0 && sent_ >= file_.bytes.size()) return false;
    if (sent_ == 0) message.set_content_type(file_.content_type);
    message.set_data(file_.bytes.substr(sent_, kPiece));
    sent_ += kPiece;
    return true;
  }

 private:
  const StoredFile file_;
  size_t sent_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FileCalls::File>> FileCalls::DownloadAlertFile(
    const rpc::Call&, const v1::DownloadAlertFileRequest& request) {
  std::optional<StoredFile> file;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(file, files_.Get(transaction, absl::StripPrefix(request.name(), kFiles)));
    return absl::OkStatus();
  }));
  if (!file) return AlertFileNotFound();
  return std::make_unique<Download>(*std::move(file));
}

absl::Status FileCalls::TakeFiles(const rpc::Call& call, v1::Alert& alert, Violations& violations) {
  if (alert.attachments_size() > kMostAlertFiles) {
    violations.Add("attachments", {"TOO_MANY", {{"most", absl::StrCat(kMostAlertFiles)}}});
    return absl::OkStatus();
  }
  std::vector<StoredFile> fetched;
  for (int i = 0; i < alert.attachments_size(); ++i) {
    v1::AlertFile& wire = *alert.mutable_attachments(i);
    if (!absl::StartsWith(wire.name(), "attachments/")) continue;
    absl::StatusOr<StoredFile> file = attachments_.Fetch(call, wire.name());
    if (absl::IsUnavailable(file.status()) || absl::IsDeadlineExceeded(file.status())) {
      return file.status();
    }
    if (!file.ok()) {
      violations.Add(absl::StrCat("attachments[", i, "].name"),
                     {"ATTACHMENT_UNFIT", {{"most", absl::StrCat(Attachments::kMostBytes >> 20)}}});
      continue;
    }
    wire.set_name(absl::StrCat(kFiles, file->hash));
    fetched.push_back(*std::move(file));
  }
  if (!fetched.empty()) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      for (const StoredFile& file : fetched) RETURN_IF_ERROR(files_.Add(transaction, file));
      return absl::OkStatus();
    }));
  }
  if (alert.attachments().empty()) return absl::OkStatus();
  std::vector<std::optional<AlertFile>> stored;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    stored.clear();
    for (const v1::AlertFile& wire : alert.attachments()) {
      ASSIGN_OR_RETURN(stored.emplace_back(),
                       files_.Find(transaction, absl::StripPrefix(wire.name(), kFiles)));
    }
    return absl::OkStatus();
  }));
  for (int i = 0; i < alert.attachments_size(); ++i) {
    v1::AlertFile& wire = *alert.mutable_attachments(i);
    if (stored[i]) {
      wire.set_content_type(stored[i]->content_type);
      wire.set_size_bytes(stored[i]->size_bytes);
    } else {
      violations.Add(absl::StrCat("attachments[", i, "].name"), "ALERT_FILE_UNKNOWN");
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::notifications
