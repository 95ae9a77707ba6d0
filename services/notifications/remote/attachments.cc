#include "services/notifications/remote/attachments.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"
#include "common/rpc/status.h"

namespace veche::notifications {

Attachments::Attachments(rpc::Channels& channels)
    : stub_(appeals::v1::Attachments::NewStub(channels.For("appeals"))) {}

absl::StatusOr<StoredFile> Attachments::Fetch(const rpc::Call& call, const std::string& name) {
  appeals::v1::DownloadAttachmentRequest request;
  request.set_name(name);
  const auto context = call.NewCallersContext(absl::Seconds(10));
  const auto pieces = stub_->DownloadAttachment(context.get(), request);
  StoredFile file;
  google::api::HttpBody piece;
  while (pieces->Read(&piece)) {
    if (file.bytes.empty()) file.content_type = piece.content_type();
    file.bytes += piece.data();
    if (file.bytes.size() > kMostBytes) {
      context->TryCancel();
      return absl::InvalidArgumentError("the attachment is too large");
    }
  }
  RETURN_IF_ERROR(rpc::FromGrpc(pieces->Finish()));
  if (!absl::StartsWith(file.content_type, "image/") && file.content_type != "application/pdf") {
    return absl::InvalidArgumentError("the attachment is neither an image nor a PDF");
  }
  file.hash = absl::BytesToHexString(crypto::Sha256(file.bytes));
  return file;
}

}  // namespace veche::notifications
