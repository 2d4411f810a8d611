import 'element-plus/theme-chalk/el-switch.css'

export { ElSwitch } from 'element-plus/es/components/switch/index'
