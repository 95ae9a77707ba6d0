#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/blob/store.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "google/api/httpbody.pb.h"
#include "services/appeals/calls/upload_quota.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/attachments.pb.h"

namespace veche::appeals {

// The calls of the service Attachments. A file passes in pieces between the client and the blob
// store and is never whole in memory. Thread-safe; the dependencies must outlive this object and
// its streams.
class AttachmentCalls {
 public:
  using Sink = rpc::StreamSink<google::api::HttpBody, v1::Attachment>;
  using Producer = rpc::StreamProducer<google::api::HttpBody>;

  AttachmentCalls(Store& store, blob::Store& blobs, const Clock& clock, IdSource& ids,
                  int64_t max_bytes, UploadLimits limits)
      : store_(store),
        blobs_(blobs),
        clock_(clock),
        ids_(ids),
        max_bytes_(max_bytes),
        quota_(limits) {}

  absl::StatusOr<std::unique_ptr<Sink>> UploadAttachment(const rpc::Call& call);
  absl::StatusOr<std::unique_ptr<Producer>> DownloadAttachment(
      const rpc::Call& call, const v1::DownloadAttachmentRequest& request);

 private:
  // Whether the caller uploaded the file or may see the timeline entry that has it.
  absl::StatusOr<bool> MaySee(const rpc::Call& call, const Attachment& attachment,
                              absl::string_view follow_token);

  Store& store_;
  blob::Store& blobs_;
  const Clock& clock_;
  IdSource& ids_;
  const int64_t max_bytes_;
  UploadQuota quota_;
};

}  // namespace veche::appeals
