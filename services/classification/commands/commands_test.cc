#include "services/classification/commands/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "services/classification/testing/test_model.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() : folder_(::testing::TempDir() + "/veche_classifier_commands") {
    std::filesystem::create_directories(folder_);
    std::ofstream data(Path("data.tsv"));
    data << "topic\ttext\n";
    for (const Example& example : TwoTopics())
      data << example.topic << "\t" << example.text << "\n";
  }
  ~CommandsTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  int Run(std::vector<std::string> args) {
    out_.str("");
    err_.str("");
    return RunClassifierCommand(args, out_, err_);
  }

  const std::string folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandsTest, TrainsEvaluatesAndExplains) {
  ASSERT_EQ(Run({"train", "--data", Path("data.tsv"), "--out", Path("m"), "--no-seed"}), 0)
      << err_.str();
  ASSERT_EQ(Run({"evaluate", "--model", Path("m"), "--data", Path("data.tsv"), "--json"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("\"topic\": {\"accuracy\": 1.0000"));
  EXPECT_THAT(out_.str(), HasSubstr("\"rows\": 10"));
  ASSERT_EQ(Run({"evaluate", "--model=" + Path("m"), "--data=" + Path("data.tsv")}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("macro-F1"));
  ASSERT_EQ(Run({"explain", "--model", Path("m"), "--text", "большая яма"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("road_surface"));
  EXPECT_THAT(out_.str(), HasSubstr("яма"));
}

TEST_F(CommandsTest, SaysWhatIsWrongWithTheArguments) {
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {},
           {"paint"},
           {"train"},
           {"train", "--data", "x"},
           {"train", "--data"},
           {"train", "--wind", "x"},
           {"train", "--data", "x", "--out", "y", "--labels", "z=t"},
           {"evaluate", "--data", "x"},
           {"explain", "--model", "x"}}) {
    EXPECT_EQ(Run(args), 2);
    EXPECT_THAT(err_.str(), HasSubstr("usage:"));
  }
}

TEST_F(CommandsTest, TakesColumnsByName) {
  std::ofstream(Path("city.tsv")) << "a\tb\ttext\nroad_surface\troads\tяма\n"
                                     "street_lighting\tlights\tфонарь\n"
                                     "manholes\troads\tяма\n";
  ASSERT_EQ(Run({"train", "--data", Path("city.tsv"), "--labels", "topic=a,department=b", "--out",
                 Path("m"), "--no-seed"}),
            0)
      << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("warning: city.tsv: line 4: the same text as"));
  EXPECT_THAT(out_.str(), HasSubstr("3 texts of the city, 0 of the program"));
  ASSERT_EQ(Run({"evaluate", "--model", Path("m"), "--data", Path("city.tsv"), "--labels",
                 "topic=a,department=b", "--json"}),
            0);
  EXPECT_THAT(err_.str(), HasSubstr("3 of 3 texts were in the training data"));
  EXPECT_THAT(out_.str(), HasSubstr("\"department\": {\"accuracy\""));
  // Default: the columns that the model was trained on.
  ASSERT_EQ(Run({"evaluate", "--model", Path("m"), "--data", Path("city.tsv")}), 0) << err_.str();
  EXPECT_EQ(
      Run({"train", "--data", Path("city.tsv"), "--labels", "topic=a,group=c", "--out", Path("m")}),
      1);
  EXPECT_THAT(err_.str(), HasSubstr("no --data has the column \"c\""));
}

TEST_F(CommandsTest, WarnsOfWhatFilesLack) {
  std::ofstream(Path("full.tsv")) << "topic\tdepartment\ttext\nroad_surface\troads\tяма\n"
                                     "street_lighting\tlights\tфонарь\n";
  ASSERT_EQ(Run({"train", "--data", Path("full.tsv"), "--data", Path("data.tsv"), "--out",
                 Path("m"), "--no-seed"}),
            0);
  EXPECT_THAT(err_.str(), HasSubstr("warning: data.tsv: the header has no column \"department\""));
  EXPECT_THAT(err_.str(), Not(HasSubstr("full.tsv: the header")));
}

TEST_F(CommandsTest, WarnsOfRepeats) {
  std::ofstream(Path("twice.tsv")) << "topic\ttext\nroad_surface\tЯма!\nstreet_lighting\tфонарь\n"
                                      "road_surface\tяма\n";
  ASSERT_EQ(Run({"train", "--data", Path("twice.tsv"), "--out", Path("m"), "--no-seed"}), 0);
  EXPECT_THAT(err_.str(), HasSubstr("1 of 3 texts were there before with the same labels: "
                                    "twice.tsv: line 4"));
}

TEST_F(CommandsTest, NamesLabelsThatTheModelDoesNotKnow) {
  ASSERT_EQ(Run({"train", "--data", Path("data.tsv"), "--out", Path("m"), "--no-seed"}), 0);
  std::ofstream(Path("new.tsv")) << "topic\tdepartment\ttext\nroad_surface\troads\tяма\n"
                                    "wind\troads\tветер\nwind\troads\tдует\n";
  ASSERT_EQ(Run({"evaluate", "--model", Path("m"), "--data", Path("new.tsv"), "--labels",
                 "topic=topic,department=department", "--json"}),
            0);
  EXPECT_THAT(err_.str(), HasSubstr("new.tsv: line 3: the model does not know the topic \"wind\"; "
                                    "2 texts count as an error"));
  EXPECT_THAT(err_.str(), HasSubstr("the model has learnt of no departments"));
  EXPECT_THAT(out_.str(), HasSubstr("\"topic\": {\"accuracy\": 0.3333"));
}

TEST_F(CommandsTest, ExplainsHonestlyWhatSaysNothing) {
  ASSERT_EQ(Run({"train", "--data", Path("data.tsv"), "--out", Path("m"), "--no-seed"}), 0);
  ASSERT_EQ(Run({"explain", "--model", Path("m"), "--text", "z"}), 0);
  EXPECT_THAT(out_.str(), Not(HasSubstr("for:")));
  EXPECT_THAT(out_.str(), HasSubstr("not confident"));
  EXPECT_EQ(Run({"explain", "--model", Path("m"), "--text", "\xFF\xFE"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--text is not valid UTF-8"));
}

TEST_F(CommandsTest, SaysWhatIsWrongWithTheFiles) {
  EXPECT_EQ(Run({"train", "--data", Path("none.tsv"), "--out", Path("m")}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("none.tsv: cannot be opened"));
  EXPECT_EQ(Run({"train", "--data", Path("."), "--out", Path("m")}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("is a folder"));
  EXPECT_EQ(Run({"explain", "--model", Path("data.tsv"), "--text", "x"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("data.tsv: this is not a Veche model"));
}

}  // namespace
}  // namespace veche::classification
