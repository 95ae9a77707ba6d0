#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/texts.h"
#include "services/appeals/domain/city_snapshot.h"

namespace veche::appeals {

// The system's texts of timeline entries in a reader's language. Their arguments keep resource
// names and codes ("categories/roads", "risky_topic +30"); readers get titles and words instead, or
// "unknown" for a name that the city does not have now.
class EntryTexts {
 public:
  // `city` is null before the directory was first reached. `texts` and `language` must outlive it.
  EntryTexts(const Texts& texts, std::shared_ptr<const CitySnapshot> city,
             absl::string_view language)
      : texts_(texts), city_(std::move(city)), language_(language) {}

  // "" for no text.
  std::string Get(Text text) const;

 private:
  std::string TitleOf(absl::string_view name) const;
  std::string Reasons(absl::string_view codes) const;

  const Texts& texts_;
  const std::shared_ptr<const CitySnapshot> city_;
  const absl::string_view language_;
};

}  // namespace veche::appeals
