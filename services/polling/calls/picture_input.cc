#include "services/polling/calls/picture_input.h"

#include <utility>

namespace veche::polling {

absl::StatusOr<std::optional<Picture>> FetchPicture(const PictureSource& source,
                                                    const rpc::Call& call,
                                                    const std::string& attachment,
                                                    absl::string_view field,
                                                    Violations& violations) {
  absl::StatusOr<Picture> picture = source(call, attachment);
  if (picture.ok()) return *std::move(picture);
  if (absl::IsUnavailable(picture.status()) || absl::IsDeadlineExceeded(picture.status())) {
    return picture.status();
  }
  violations.Add(field, "PICTURE_NOT_AN_IMAGE");
  return std::nullopt;
}

}  // namespace veche::polling
