#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/polling/storage/picture_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// Serves the pictures of options and initiatives. Thread-safe; the dependencies must outlive this
// object.
class PictureCalls {
 public:
  using File = rpc::StreamProducer<google::api::HttpBody>;

  PictureCalls(sql::Database& database, PictureStore& pictures)
      : database_(database), pictures_(pictures) {}

  absl::StatusOr<std::unique_ptr<File>> DownloadPicture(const rpc::Call& call,
                                                        const v1::DownloadPictureRequest& request);

 private:
  sql::Database& database_;
  PictureStore& pictures_;
};

}  // namespace veche::polling
