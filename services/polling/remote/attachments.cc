#include "services/polling/remote/attachments.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"
#include "common/rpc/status.h"

namespace veche::polling {

Attachments::Attachments(rpc::Channels& channels)
    : stub_(appeals::v1::Attachments::NewStub(channels.For("appeals"))) {}

absl::StatusOr<Picture> Attachments::Fetch(const rpc::Call& call, const std::string& name) {
  appeals::v1::DownloadAttachmentRequest request;
  request.set_name(name);
  const auto context = call.NewCallersContext(absl::Seconds(10));
  const auto pieces = stub_->DownloadAttachment(context.get(), request);
  Picture picture;
  google::api::HttpBody piece;
  while (pieces->Read(&piece)) {
    if (picture.bytes.empty()) picture.content_type = piece.content_type();
    picture.bytes += piece.data();
    if (picture.bytes.size() > kMostBytes) {
      context->TryCancel();
      return absl::InvalidArgumentError("the picture is too large");
    }
  }
  RETURN_IF_ERROR(rpc::FromGrpc(pieces->Finish()));
  if (!absl::StartsWith(picture.content_type, "image/")) {
    return absl::InvalidArgumentError("the attachment is no image");
  }
  picture.hash = absl::BytesToHexString(crypto::Sha256(picture.bytes));
  return picture;
}

}  // namespace veche::polling
