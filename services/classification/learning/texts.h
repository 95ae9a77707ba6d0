#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace veche::classification {

// What there is to learn from of an appeal besides what was decided.
struct AppealText {
  std::string text;
  std::vector<std::string> places = {};  // as PlaceNames has them
};

// Where the texts of appeals are, with personal data masked. Classification keeps none: what is
// erased there is gone from the next training. Thread-safe.
class TextSource {
 public:
  virtual ~TextSource() = default;
  // Texts by name of those that are still there. Unavailable when appeals is.
  virtual absl::StatusOr<std::map<std::string, AppealText>> Fetch(
      absl::Span<const std::string> appeals) = 0;
};

// Asks the service appeals, in pages.
std::unique_ptr<TextSource> AppealTexts(std::shared_ptr<grpc::Channel> channel);

}  // namespace veche::classification
