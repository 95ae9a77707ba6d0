#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche {

// A file that the build put into the binary (see veche_embed in cmake/Veche.cmake). Lives forever.
struct EmbeddedFile {
  absl::string_view name;
  absl::string_view content;
};

}  // namespace veche
