#include "services/polling/calls/binding.h"

namespace veche::polling {

std::vector<rpc::ServiceBuilder> Bind(PollCalls& polls, CredentialCalls& credentials,
                                      BallotCalls& ballots, BoardCalls& boards,
                                      PictureCalls& pictures) {
  return {rpc::ServiceBuilder("veche.polling.v1.Polls")
              .Unary(polls, &PollCalls::ListPolls, &PollCalls::GetPoll, &PollCalls::CreatePoll,
                     &PollCalls::UpdatePoll, &PollCalls::DeletePoll, &PollCalls::OpenPoll,
                     &PollCalls::ClosePoll, &PollCalls::GetResults)
              .Unary(credentials, &CredentialCalls::IssueCredential)
              .Unary(ballots, &BallotCalls::CreateBallot, &BallotCalls::GetBallot)
              .Subscribe(ballots, &BallotCalls::WatchBallot)
              .Unary(boards, &BoardCalls::GetBoard, &BoardCalls::GetInclusionProof,
                     &BoardCalls::GetConsistencyProof)
              .Produce(boards, &BoardCalls::DownloadBoard)
              .Produce(pictures, &PictureCalls::DownloadPicture)};
}

}  // namespace veche::polling
