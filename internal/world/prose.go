package world

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// story is a text of the world: of the paper, or of a site.
type story struct {
	headline   string
	paragraphs []string
}

// write makes a story. The same seed and number give the same story, and two
// numbers share no more than turns of phrase.
func write(seed, number uint64) story {
	w := writer{rand.New(rand.NewPCG(seed, number))}
	s := story{headline: w.place() + w.pick(subjects()) + w.pick(verbs()) + w.pick(objects())}
	for range 6 + w.IntN(4) {
		var b strings.Builder
		for range 3 + w.IntN(3) {
			b.WriteString(w.sentence())
		}
		s.paragraphs = append(s.paragraphs, b.String())
	}
	return s
}

type writer struct{ *rand.Rand }

func (w writer) pick(list []string) string { return list[w.IntN(len(list))] }

func (w writer) place() string { return w.pick(places()) + w.pick(quarters()) }

func (w writer) name() string { return w.pick(surnames()) + w.pick(givens()) + w.pick(givens()) }

func (w writer) number() string { return strconv.Itoa(3 + w.IntN(9000)) }

func (w writer) thing() string { return w.pick(looks()) + w.pick(objects()) }

func (w writer) amount() string { return w.number() + w.pick(units()) }

func (w writer) sentence() string {
	switch w.IntN(9) {
	case 0:
		return w.pick(times()) + "，" + w.place() + w.pick(subjects()) + w.name() + w.pick(verbs()) + w.thing() + "，" + w.clause() + "。"
	case 1:
		return w.name() + "说，" + w.thing() + w.pick(manners()) + w.pick(verbs()) + "，" + w.number() + "天里" + w.clause() + "。"
	case 2:
		return w.amount() + w.thing() + w.pick(manners()) + "运到" + w.place() + "，" + w.name() + w.pick(verbs()) + w.amount() + "。"
	case 3:
		return w.clause() + "，" + w.name() + w.pick(times()) + "去" + w.place() + w.pick(verbs()) + w.thing() + "。"
	case 4:
		return "“" + w.thing() + w.pick(manners()) + w.pick(verbs()) + "，”" + w.name() + "对" + w.pick(subjects()) + w.name() + "说，“" + w.clause() + "。”"
	case 5:
		return w.pick(subjects()) + w.name() + "把" + w.thing() + "换成" + w.thing() + "，" + w.clause() + "。"
	case 6:
		return "从" + w.place() + "到" + w.place() + "，" + w.name() + w.pick(manners()) + w.pick(verbs()) + w.amount() + w.thing() + "。"
	case 7:
		return w.clause() + "；" + w.clause() + "。"
	}
	return w.pick(times()) + w.clause() + "，" + w.pick(subjects()) + w.name() + "便" + w.pick(verbs()) + w.thing() + "。"
}

func (w writer) clause() string {
	switch w.IntN(8) {
	case 0:
		return w.thing() + "还剩" + w.amount()
	case 1:
		return w.place() + w.pick(subjects()) + "也来" + w.pick(verbs()) + w.thing()
	case 2:
		return w.name() + "替" + w.name() + w.pick(verbs()) + w.thing()
	case 3:
		return "离" + w.place() + "只差" + w.number() + "步"
	case 4:
		return w.thing() + "比" + w.thing() + "早到" + w.number() + "天"
	case 5:
		return w.thing() + w.pick(manners()) + "挪进" + w.place()
	case 6:
		return w.name() + "记下" + w.thing() + "第" + w.number() + "号"
	}
	return w.pick(subjects()) + w.name() + "看中" + w.amount() + w.thing()
}

func words(s string) []string { return strings.Fields(s) }

func places() []string {
	return words("临江 云城 青石 沙洲 柳溪 白渡 南浦 松岭 梅山 长堤 石桥 竹湾 北塘 杏林 芦港 枫桥 清河 槐荫 金滩 凤台 龙泉 碧水 高坪 桃源 双溪 望江 东篱 西埠 古井 新洲 平湖 月牙 鹭岛 银杏 稻香 砚池 铁岭沟 大王庙 小关 七里")
}

func quarters() []string {
	return words("老街 码头 集市 村口 大堤 渡口 茶园 果园 粮站 车站 学校 医院 工地 书屋 广场 剧场 祠堂 菜场 林场 水库 河滩 船坞 作坊 驿站 礼堂")
}

func subjects() []string {
	return words("老船工 护林员 乡村教师 菜农 茶商 木匠 摆渡人 邮递员 果农 护士 司机 裁缝 厨师 渔民 鼓手 工程师 志愿者 图书管理员 水文员 养蜂人 石匠 编织能手 村支书 店主 学徒 检修班 放映队 合作社 巡河队 剧团 消防队 施工队 测量组 返乡青年 退休医生 快递员 豆腐坊主 花匠 钟表匠 造船匠")
}

func verbs() []string {
	return words("修好 清点 搬走 换下 种下 收割 晾晒 登记 刷新 描画 加固 疏通 点亮 打磨 缝补 挑选 称量 护送 抄录 编排 测绘 移栽 拆除 装上 包扎 熬煮 分发 试用 改造 收藏 拍摄 讲解 擦洗 码放 嫁接 发酵 烧制 订正 寻回 认领")
}

func objects() []string {
	return words("旧木船 石磨 油灯 秧苗 茶饼 铜钟 竹篓 水闸 课桌 药箱 渔网 藤椅 砖窑 账本 族谱 风车 稻谷 柿饼 蜂箱 戏服 鼓架 钢梁 路灯 井盖 水表 书架 画卷 瓷碗 犁头 算盘 电缆 护栏 羊圈 豆种 黄梅 莲藕 草药 旗杆 石碑 廊桥 门板 棉被 蓑衣 织机 酒缸 印章 拓片 界桩 灯笼 锣鼓")
}

func manners() []string {
	return words("一件一件地 连夜 赶在雨前 按着旧图 用麻绳 隔着河 小心地 凭着手感 照着家谱 逐户 从头到尾 当着众人 沿着石阶 借着月光 用了整个冬天 悄悄 分成三批 对照底册 冒着寒风 不声不响地 重新 依次 反复 头一回 抢在汛期前")
}

func looks() []string {
	return words("旧 新 半截 褪色的 祖传的 沉甸甸的 缺角的 朱漆 青花 樟木 铸铁 手编的 上了釉的 裂了缝的 晒干的 头一批 失修的 借来的 磨亮的 加厚的 没上锁的 刻着字的 沾泥的 描金的 拼接的 双层 细长的 圆口 方底 轻巧的 泡过水的 带响的 熏黑的 补过的 竹柄 铜边 麻布 彩绘 空心的 折叠")
}

func times() []string {
	return words("昨日清晨 立春前后 上周末 雨停以后 入夜时分 开学那天 月初 秋收之后 去年冬天 正午 汛期过后 赶集那天 天刚亮 霜降这天 傍晚 午后 节前 连着三天 前天下午 这个月里 停航期间 大雪封山时 端午前 放假头一天 腊月里")
}

func units() []string {
	return words("件 筐 担 条 座 排 箱 捆 坛 亩 艘 摞 串 套 盏 匹 包 幅 车 对")
}

func surnames() []string {
	return words("林 何 苏 沈 陆 顾 程 唐 韩 许 魏 秦 卢 姜 范 方 石 姚 谭 邹 熊 金 陶 崔 康")
}

func givens() []string {
	return words("远 舟 青 禾 晚 晴 砚 秋 山 河 云 岚 松 柏 春 生 水 根 月 娥 文 海 立 夏 知 行 望 田 桂 枝 怀 瑾 若 溪 长 庚")
}
