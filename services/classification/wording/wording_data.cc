#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/wording/wording_trainer.h"

namespace veche::classification {

absl::StatusOr<WordingData> ReadWordingData(absl::string_view folder) {
  const auto read = [folder](absl::string_view name) -> absl::StatusOr<WordingData::File> {
    const std::string path = absl::StrCat(folder, "/", name, ".tsv");
    std::ifstream file(path, std::ios::binary);
    if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
    return WordingData::File{std::string(name), {std::istreambuf_iterator<char>(file), {}}};
  };
  WordingData data;
  ASSIGN_OR_RETURN(data.moderation, read("moderation_examples"));
  for (absl::string_view language : {"ru", "uk", "tt", "en"}) {
    ASSIGN_OR_RETURN(data.topics.emplace_back(), read(absl::StrCat("examples_", language)));
    ASSIGN_OR_RETURN(data.danger.emplace_back(), read(absl::StrCat("danger_examples_", language)));
  }
  for (absl::string_view part : {"letters_ru_1", "letters_ru_2"}) {
    ASSIGN_OR_RETURN(data.letters.emplace_back(), read(part));
  }
  ASSIGN_OR_RETURN(data.meanings, read("danger_words"));
  ASSIGN_OR_RETURN(data.rules, read("emergencies"));
  ASSIGN_OR_RETURN(data.advice, read("advice"));
  return data;
}

}  // namespace veche::classification
