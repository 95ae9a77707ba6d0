#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/feeds/context.h"
#include "services/notifications/storage/alert_store.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// The open feeds of alerts. Thread-safe; may block. The parts must outlive this object.
class FeedCalls {
 public:
  struct Parts {
    sql::Database& database;
    AlertStore& store;
    DistrictMapProvider districts;
    const Texts& texts;
    FeedContext city;  // without topics and districts
  };
  explicit FeedCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<google::api::HttpBody> GetCapDocument(const rpc::Call& call,
                                                       const v1::GetCapDocumentRequest& request);
  absl::StatusOr<google::api::HttpBody> GetAtomFeed(const rpc::Call& call,
                                                    const v1::GetAtomFeedRequest& request,
                                                    Violations violations = {});
  absl::StatusOr<google::api::HttpBody> GetCapFeed(const rpc::Call& call,
                                                   const v1::GetCapFeedRequest& request,
                                                   Violations violations = {});

 private:
  absl::StatusOr<FeedContext> Context();
  // Reads the posts of a feed and writes them with `write`: AtomFeed or CapFeed.
  template <typename Request, typename Write>
  absl::StatusOr<google::api::HttpBody> MakeFeed(const rpc::Call& call, const Request& request,
                                                 absl::string_view path, Write write,
                                                 Violations violations);

  const Parts parts_;
};

}  // namespace veche::notifications
