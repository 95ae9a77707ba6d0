#include "services/classification/commands.h"

#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/classification/classifier.h"
#include "services/classification/evaluation.h"
#include "services/classification/labelled_data.h"
#include "services/classification/model_file.h"
#include "services/classification/trainer.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kUsage =
    "usage: veche classifier train --data FILE.tsv [--data …] [--label topic=COLUMN] --out MODEL\n"
    "       veche classifier evaluate --model MODEL --data FILE.tsv [--label topic=COLUMN] "
    "[--json]\n"
    "       veche classifier explain --model MODEL --text TEXT\n";

struct Arguments {
  std::string command;
  std::vector<std::string> data;
  std::string topic_column;
  std::string model;
  std::string out;
  std::string text;
  bool json = false;
};

absl::Status SetLabel(const std::string& value, Arguments& arguments) {
  absl::string_view column = value;
  if (!absl::ConsumePrefix(&column, "topic=") || column.empty()) {
    return absl::InvalidArgumentError("--label takes topic=COLUMN");
  }
  arguments.topic_column = std::string(column);
  return absl::OkStatus();
}

absl::Status SetFlag(const std::string& flag, const std::string& value, Arguments& arguments) {
  if (flag == "--label") return SetLabel(value, arguments);
  if (flag == "--data") {
    arguments.data.push_back(value);
  } else if (flag == "--model") {
    arguments.model = value;
  } else if (flag == "--out") {
    arguments.out = value;
  } else if (flag == "--text") {
    arguments.text = value;
  } else {
    return absl::InvalidArgumentError(absl::StrCat("unknown argument ", flag));
  }
  return absl::OkStatus();
}

absl::StatusOr<Arguments> ParseArguments(absl::Span<const std::string> args) {
  if (args.empty()) return absl::InvalidArgumentError("a command is missing");
  Arguments arguments;
  arguments.command = args[0];
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "--json") {
      arguments.json = true;
      continue;
    }
    const size_t equals = args[i].find('=');
    if (absl::StartsWith(args[i], "--") && equals != std::string::npos) {
      RETURN_IF_ERROR(SetFlag(args[i].substr(0, equals), args[i].substr(equals + 1), arguments));
    } else if (i + 1 < args.size()) {
      RETURN_IF_ERROR(SetFlag(args[i], args[i + 1], arguments));
      ++i;
    } else {
      return absl::InvalidArgumentError(absl::StrCat(args[i], " needs a value"));
    }
  }
  return arguments;
}

absl::StatusOr<std::vector<LabelledText>> ReadAll(const Arguments& arguments) {
  std::vector<LabelledText> all;
  for (const std::string& path : arguments.data) {
    ASSIGN_OR_RETURN(std::vector<LabelledText> texts,
                     ReadLabelledData(path, arguments.topic_column));
    std::move(texts.begin(), texts.end(), std::back_inserter(all));
  }
  return all;
}

// Only the names: where a city keeps its files is nobody else's business.
std::string SourceOf(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) names.push_back(path.substr(path.rfind('/') + 1));
  return absl::StrJoin(names, ", ");
}

absl::Status Train(const Arguments& arguments, std::ostream& out) {
  ASSIGN_OR_RETURN(std::vector<LabelledText> texts, ReadAll(arguments));
  std::vector<Example> examples;
  for (LabelledText& text : texts) examples.push_back(std::move(text.example));
  TrainOptions options;
  options.source = SourceOf(arguments.data);
  ASSIGN_OR_RETURN(const Model model, TrainModel(examples, options));
  RETURN_IF_ERROR(WriteModelFile(model, arguments.out));
  out << absl::StrFormat(
      "model %s: %d texts, %d topics, %d features, accuracy %.3f in cross-validation\n",
      model.version(), examples.size(), model.labels().size(), model.parts().vocabulary.size(),
      model.parts().report.accuracy);
  return absl::OkStatus();
}

absl::Status EvaluateModel(const Arguments& arguments, std::ostream& out) {
  ASSIGN_OR_RETURN(const Model model, ReadModelFile(arguments.model));
  ASSIGN_OR_RETURN(const std::vector<LabelledText> texts, ReadAll(arguments));
  const Evaluation evaluation = Evaluate(model, texts);
  out << (arguments.json ? ToJson(evaluation) : ToTable(evaluation));
  return absl::OkStatus();
}

absl::Status Explain(const Arguments& arguments, std::ostream& out) {
  ASSIGN_OR_RETURN(Model model, ReadModelFile(arguments.model));
  ASSIGN_OR_RETURN(const Classifier classifier, Classifier::Create(std::move(model)));
  const Suggestion suggestion = classifier.Suggest(arguments.text);
  for (const Candidate& candidate : suggestion.candidates) {
    out << absl::StrFormat("%.3f  %-32s %s\n", candidate.probability, candidate.topic->id,
                           absl::StrJoin(candidate.evidence, ", "));
  }
  out << "language " << text::LanguageCode(suggestion.language) << "\n";
  if (suggestion.emergency)
    out << "emergency " << suggestion.emergency->kind << ": " << suggestion.advice << "\n";
  return absl::OkStatus();
}

absl::Status CheckGiven(bool given, absl::string_view flag) {
  return given ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrCat(flag, " is missing"));
}

// What the command needs and does not have.
absl::Status Check(const Arguments& arguments) {
  if (arguments.command == "train") {
    RETURN_IF_ERROR(CheckGiven(!arguments.data.empty(), "--data"));
    return CheckGiven(!arguments.out.empty(), "--out");
  }
  if (arguments.command == "evaluate" || arguments.command == "explain") {
    RETURN_IF_ERROR(CheckGiven(!arguments.model.empty(), "--model"));
    return arguments.command == "evaluate" ? CheckGiven(!arguments.data.empty(), "--data")
                                           : CheckGiven(!arguments.text.empty(), "--text");
  }
  return absl::InvalidArgumentError(absl::StrCat("unknown command ", arguments.command));
}

}  // namespace

int RunClassifierCommand(absl::Span<const std::string> args, std::ostream& out, std::ostream& err) {
  absl::StatusOr<Arguments> arguments = ParseArguments(args);
  const absl::Status usable = arguments.ok() ? Check(*arguments) : arguments.status();
  if (!usable.ok()) {
    err << usable.message() << "\n" << kUsage;
    return 2;
  }
  const absl::Status done = arguments->command == "train"      ? Train(*arguments, out)
                            : arguments->command == "evaluate" ? EvaluateModel(*arguments, out)
                                                               : Explain(*arguments, out);
  if (done.ok()) return 0;
  err << done.message() << "\n";
  return 1;
}

}  // namespace veche::classification
