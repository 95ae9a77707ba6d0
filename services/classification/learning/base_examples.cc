#include "services/classification/learning/base_examples.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/training/labelled_data.h"

namespace veche::classification {

double BaseExamples::weight() const {
  double sum = 0;
  for (const Example& example : examples) sum += example.weight;
  return sum;
}

absl::StatusOr<BaseExamples> ReadBaseExamples(absl::Span<const Example> seed,
                                              const std::string& base_folder) {
  BaseExamples base{.examples = {seed.begin(), seed.end()}};
  std::vector<std::filesystem::path> files;
  std::error_code error, ignored;
  std::filesystem::directory_iterator entry(base_folder, error);
  if (error == std::errc::no_such_file_or_directory) return base;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".tsv" && entry->is_regular_file(ignored)) {
      files.push_back(entry->path());
    }
  }
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("the base data cannot be listed: ", error.message()));
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    ASSIGN_OR_RETURN(std::vector<LabelledText> texts, ReadLabelledData(file.string()));
    std::vector<Example> names = NameExamples(texts);
    std::move(names.begin(), names.end(), std::back_inserter(base.examples));
    for (LabelledText& text : texts) base.examples.push_back(std::move(text.example));
    base.names.push_back(file.filename().string());
  }
  return base;
}

}  // namespace veche::classification
