#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/channels.h"
#include "services/notifications/domain/contact_notice.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"

namespace veche::notifications {

// What appeals says of its events. Thread-safe; blocks for a few seconds at most.
class ChangeNotices {
 public:
  // `channels` must outlive the object.
  explicit ChangeNotices(rpc::Channels& channels);

  // NotFound when the appeal exists no more; other errors are those of the call.
  absl::StatusOr<appeals::v1::ChangeNotice> Get(const ContactNotice& notice);

 private:
  const std::unique_ptr<appeals::v1::Appeals::StubInterface> appeals_;
};

}  // namespace veche::notifications
