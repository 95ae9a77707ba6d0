#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/channels.h"
#include "services/notifications/storage/file_store.h"
#include "veche/appeals/v1/attachments.grpc.pb.h"

namespace veche::notifications {

// Fetches the images and PDFs that editors have uploaded, cleaned of metadata as all attachments
// are. Thread-safe.
class Attachments {
 public:
  static constexpr size_t kMostBytes = 4 << 20;

  // `channels` must outlive the object.
  explicit Attachments(rpc::Channels& channels);

  // The attachment, which the caller must be allowed to see. InvalidArgument when it is neither an
  // image nor a PDF, or larger than kMostBytes; errors of the call.
  absl::StatusOr<StoredFile> Fetch(const rpc::Call& call, const std::string& name);

 private:
  const std::unique_ptr<appeals::v1::Attachments::StubInterface> stub_;
};

}  // namespace veche::notifications
