#include "services/polling/calls/picture_calls.h"

#include <optional>
#include <utility>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/errors.h"

namespace veche::polling {
namespace {

// A picture in one piece: it is small.
class PictureFile final : public PictureCalls::File {
 public:
  explicit PictureFile(Picture picture) : picture_(std::move(picture)) {}

  absl::StatusOr<bool> Next(google::api::HttpBody& message) override {
    if (std::exchange(sent_, true)) return false;
    message.set_content_type(std::move(picture_.content_type));
    message.set_data(std::move(picture_.bytes));
    return true;
  }

 private:
  Picture picture_;
  bool sent_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PictureCalls::File>> PictureCalls::DownloadPicture(
    const rpc::Call& call, const v1::DownloadPictureRequest& request) {
  const auth::Principal& caller = call.principal();
  const PictureReader reader{.drafts = caller.Is(options::v1::EDITOR),
                             .unpublished = IsModerator(caller),
                             .author = caller.anonymous() ? "" : caller.name};
  std::optional<Picture> picture;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        picture,
        pictures_.Get(transaction, absl::StripPrefix(request.name(), "pictures/"), reader));
    return absl::OkStatus();
  }));
  if (!picture) return PictureNotFound();
  return std::make_unique<PictureFile>(*std::move(picture));
}

}  // namespace veche::polling
