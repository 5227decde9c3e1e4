package rights

// Label is the genre as people say it, in Chinese.
func (g Genre) Label() string {
	switch g {
	case GenreBrief:
		return "简讯"
	case GenreNews:
		return "消息"
	case GenreFeature:
		return "通讯、特写"
	case GenreCommentary:
		return "评论"
	case GenreInterview:
		return "访谈"
	case GenreSpeech:
		return "讲话"
	case GenreOfficial:
		return "公文"
	default:
		return "未注明"
	}
}

// Label is the topic as people say it, in Chinese.
func (t Topic) Label() string {
	switch t {
	case TopicPolitical:
		return "政治"
	case TopicEconomic:
		return "经济"
	case TopicReligious:
		return "宗教"
	case TopicOther:
		return "其他"
	default:
		return "未注明"
	}
}
