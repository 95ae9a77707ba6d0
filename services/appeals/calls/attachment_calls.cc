#include "services/appeals/calls/attachment_calls.h"

#include <optional>

#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/media/media.h"

namespace veche::appeals {
namespace {

constexpr size_t kPiece = 64 * 1024;

// One upload: the filter cleans it on its way into the blob store.
class Upload final : public AttachmentCalls::Sink {
 public:
  Upload(Store& store, std::unique_ptr<blob::Writer> writer, const Clock& clock,
         std::unique_ptr<UploadQuota::Share> share, int64_t most, Attachment attachment)
      : store_(store),
        writer_(std::move(writer)),
        clock_(clock),
        share_(std::move(share)),
        most_(most),
        attachment_(std::move(attachment)) {}

  absl::Status Append(const google::api::HttpBody& piece) override {
    RETURN_IF_ERROR(share_->Reserve(static_cast<int64_t>(piece.data().size())));
    if (!filter_) filter_.emplace(piece.content_type(), *writer_);
    return filter_->Append(piece.data());
  }

  absl::StatusOr<v1::Attachment> Finish() override {
    if (!filter_) filter_.emplace("", *writer_);  // no bytes came: Finish reports it
    RETURN_IF_ERROR(filter_->Finish());
    attachment_.content_type = std::string(filter_->content_type());
    ASSIGN_OR_RETURN(const blob::Blob blob, writer_->Commit());
    attachment_.blob = blob.key;
    attachment_.size_bytes = blob.size_bytes;
    attachment_.sha256 = blob.sha256;
    RETURN_IF_ERROR(store_.AddAttachment(attachment_, clock_.Now(), most_));
    return ToWire(attachment_);
  }

 private:
  Store& store_;
  std::unique_ptr<blob::Writer> writer_;
  const Clock& clock_;
  const std::unique_ptr<UploadQuota::Share> share_;
  const int64_t most_;
  std::optional<MediaFilter> filter_;
  Attachment attachment_;
};

class Download final : public AttachmentCalls::Producer {
 public:
  Download(std::unique_ptr<blob::Reader> reader, std::string content_type)
      : reader_(std::move(reader)), content_type_(std::move(content_type)) {}

  absl::StatusOr<bool> Next(google::api::HttpBody& message) override {
    ASSIGN_OR_RETURN(std::string piece, reader_->Read(kPiece));
    if (piece.empty() && !first_) return false;
    if (first_) message.set_content_type(content_type_);
    first_ = false;
    message.set_data(std::move(piece));
    return true;
  }

 private:
  std::unique_ptr<blob::Reader> reader_;
  const std::string content_type_;
  bool first_ = true;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AttachmentCalls::Sink>> AttachmentCalls::UploadAttachment(
    const rpc::Call& call) {
  Attachment attachment{.id = NewAttachmentId(ids_),
                        .owner = call.principal().name,
                        .uploader = quota_.UploaderOf(call.principal(), call.client_address())};
  const int64_t most = quota_.LimitOf(call.principal());
  ASSIGN_OR_RETURN(const int64_t unused,
                   store_.CountUnusedBytes(attachment.uploader, clock_.Now() - kUploadDay));
  if (unused >= most) return UploadQuotaExceeded();
  auto share = std::make_unique<UploadQuota::Share>(quota_, attachment.uploader, most - unused);
  ASSIGN_OR_RETURN(std::unique_ptr<blob::Writer> writer, blobs_.Create(max_bytes_));
  return std::make_unique<Upload>(store_, std::move(writer), clock_, std::move(share), most,
                                  std::move(attachment));
}

absl::StatusOr<bool> AttachmentCalls::MaySee(const rpc::Call& call, const Attachment& attachment,
                                             absl::string_view follow_token) {
  // A guest's upload belongs to anybody who knows its name, until an appeal takes it (names.h).
  if (attachment.appeal.empty()) return attachment.owner == call.principal().name;
  if (!attachment.owner.empty() && attachment.owner == call.principal().name) return true;
  ASSIGN_OR_RETURN(const Appeal appeal, store_.Get(attachment.appeal));
  return appeals::MaySee(ViewOf(appeal, ViewerOf(call, follow_token)), attachment.audience);
}

absl::StatusOr<std::unique_ptr<AttachmentCalls::Producer>> AttachmentCalls::DownloadAttachment(
    const rpc::Call& call, const v1::DownloadAttachmentRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseAttachmentName(request.name()));
  ASSIGN_OR_RETURN(const Attachment attachment, store_.GetAttachment(id));
  ASSIGN_OR_RETURN(const bool visible, MaySee(call, attachment, request.follow_token()));
  if (!visible) return AttachmentNotFound(request.name());
  ASSIGN_OR_RETURN(std::unique_ptr<blob::Reader> reader, blobs_.Open(attachment.blob));
  return std::make_unique<Download>(std::move(reader), attachment.content_type);
}

}  // namespace veche::appeals
